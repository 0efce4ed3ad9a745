import Client
import Model
import Transport

/// How documents and changes are written for a person.
enum Wording {
    /// `/machines/Salsa/instruments/cowbell/volume` as `cowbell.volume`; with the flavor in front
    /// when it is not the shown one.
    static func name(of path: String, flavor: String) -> String {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.first == "machines", parts.count >= 3 else {
            return path.hasPrefix("/") ? String(path.dropFirst()) : path
        }
        let lead = parts[1] == flavor ? "" : "\(parts[1]) "
        if parts.count == 3 { return lead + (parts[2] == "keyNote" ? "key" : parts[2]) }
        guard parts.count == 5 else { return lead + parts.dropFirst(3).joined(separator: ".") }
        let field =
            switch parts[4] {
            case "activeProgram": "program"
            case "pitchOffset": "pitch"
            default: parts[4]
            }
        return "\(lead)\(parts[3]).\(field)"
    }

    static func text(of path: String, _ kind: PatternDocument.Difference.Kind, flavor: String)
        -> String
    {
        let name = name(of: path, flavor: flavor)
        switch kind {
        case .added: return "add \(name)"
        case .removed: return "remove \(name)"
        case .set(.bool(let on)) where path.hasSuffix("/enabled"):
            return "\(name.dropLast(".enabled".count)) \(on ? "on" : "off")"
        case .set(.text(let text)): return "\(name) \(text)"
        case .set(let value): return "\(name) \(value)"
        }
    }

    static func line(of entry: HistoryEntry, flavor: String) -> String {
        let minutes = max(0, EventLoop.wallClockMs - entry.lastAtMs) / 60_000
        let age = minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h"
        let names = entry.paths.prefix(4).map { name(of: $0, flavor: flavor) }
        let more = entry.paths.count > 4 ? " and \(entry.paths.count - 4) more" : ""
        let what =
            entry.editCount == 0
            ? "as it was before" : names.joined(separator: ", ") + more
        return "\(entry.number)  \(age) ago  \(entry.userName ?? "-"): \(what)"
    }

    /// Where the beat is. This machine's clock stands beside it, so that two can be compared.
    static func beat(of room: LiveRoom, clock: ServerClock?) async -> String {
        guard let beat = await room.beat, let clock, let nowMs = clock.nowMs else {
            return "nothing is known of the beat"
        }
        let wallMs = EventLoop.wallClockMs
        let within = clock.errorMsMax.map { ", within \($0.rounded(.up)) ms" } ?? ""
        guard let position = beat.position(atServerMs: Int64(nowMs.rounded())) else {
            return "nothing sounds"
        }
        let thousandths = Int64(position * 1_000)
        return "step \(Double(thousandths) / 1_000) at \(wallMs) ms since 1970\(within)"
    }

    static func seconds(_ duration: Duration) -> String {
        let tenths = max(1, Int((duration / .milliseconds(100)).rounded()))
        return "\(tenths / 10).\(tenths % 10) s"
    }

    static func edits(_ count: Int) -> String { count == 1 ? "1 edit" : "\(count) edits" }

    private static let notes = [
        "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
    ]

    static func table(_ document: PatternDocument) -> [String] {
        guard let machine = document.machine else { return [document.title] }
        let note = notes.indices.contains(machine.keyNote) ? notes[machine.keyNote] : "?"
        let tempo = "\(machine.bpm) bpm, key \(machine.keyNote) (\(note))"
        var lines = ["\(document.title): \(document.flavor), \(tempo)"]
        if !document.description.isEmpty { lines.append("  \(document.description)") }
        let catalogue = Flavor(rawValue: document.flavor).map { Catalogue.current.flavor($0) }
        for instrument in machine.instruments {
            let known = InstrumentID(rawValue: instrument.id).flatMap { catalogue?.instrument($0) }
            let programs = known?.programs ?? []
            let program =
                programs.indices.contains(instrument.activeProgram)
                ? programs[instrument.activeProgram].title : "unknown"
            var line = "  " + padded(instrument.id, 11) + (instrument.isEnabled ? "on   " : "off  ")
            line += "volume " + padded(volume(instrument.volume), 5)
            line += "program \(instrument.activeProgram) \(program)"
            if known?.isKeyed == true { line += ", pitch \(instrument.pitchOffset)" }
            lines.append(line)
        }
        let absent = (catalogue?.instruments ?? [])
            .filter { machine.instrument($0.id.rawValue) == nil }.map(\.id.rawValue)
        if !absent.isEmpty { lines.append("  not in it: " + absent.joined(separator: ", ")) }
        return lines
    }

    private static func volume(_ volume: Double) -> String {
        Int(exactly: volume).map { "\($0)" } ?? "\(volume)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
