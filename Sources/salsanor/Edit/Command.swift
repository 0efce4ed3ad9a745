import Client

/// What a line at the prompt means.
enum Command {
    case edit(Edit, [Assignment])
    case show, who, status, help, quit, nothing
    case undo, redo, history
    case play, stop(soon: Bool), beat
    case restore(Int64)

    /// A field or instrument as it is named in what is said back.
    struct Assignment: Hashable {
        let path: String
        let kind: PatternDocument.Difference.Kind
    }

    struct NotUnderstood: Error {
        let why: String
    }

    static let helpText = """
        bpm 190                counts per minute, 80..250
        key 3                  semitones above C, 0..11
        flavor Merengue        which machine is shown: Salsa, Merengue
        title New name         description Some words
        cowbell.volume 0.6     0..1
        cowbell.program 2      which rhythm
        piano.pitch 62         semitones
        clave off, clave on    switches an instrument
        add congas             remove maracas
        set /path value        any field, by its JSON pointer
        undo, redo             your own last edit
        history                who changed what; restore 57 brings that document back
        play, stop, stop soon  the room's beat; beat says where it is
        show, who, status, help, quit
        """

    /// - Parameter flavor: the machine that short names mean.
    init(line: String, flavor: String) throws(NotUnderstood) {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let first = words.first.map(String.init) else {
            self = .nothing
            return
        }
        let rest = words.count > 1 ? words[1].trimmed : ""
        switch first {
        case "show": self = .show
        case "who": self = .who
        case "status": self = .status
        case "undo": self = .undo
        case "redo": self = .redo
        case "history": self = .history
        case "play": self = .play
        case "stop": self = .stop(soon: rest == "soon")
        case "beat": self = .beat
        case "restore":
            guard let number = Int64(rest), number >= 0 else {
                throw NotUnderstood(why: "restore takes a number of history: restore 57")
            }
            self = .restore(number)
        case "help", "?": self = .help
        case "quit", "exit": self = .quit
        case "bpm": self = Self.set("/machines/\(flavor)/bpm", try Self.number(rest, of: first))
        case "key": self = Self.set("/machines/\(flavor)/keyNote", try Self.number(rest, of: first))
        case "flavor": self = Self.set("/flavor", .text(rest))
        case "title": self = Self.set("/title", .text(rest))
        case "description": self = Self.set("/description", .text(rest))
        case "add", "remove": self = try Self.presence(first, rest, flavor)
        case "set":
            let parts = rest.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].hasPrefix("/") else {
                throw NotUnderstood(why: "set takes a pointer and a value: set /title Mambo")
            }
            self = Self.set(String(parts[0]), Self.value(parts[1].trimmed))
        default: self = try Self.instrument(first, rest, flavor)
        }
    }

    private static func instrument(
        _ name: String, _ rest: String, _ flavor: String
    ) throws(NotUnderstood) -> Command {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let path = Edit.instrument(String(parts[0]), in: flavor)
        if parts.count == 1 {
            switch rest {
            case "on": return set("\(path)/enabled", true)
            case "off": return set("\(path)/enabled", false)
            default: throw NotUnderstood(why: "\"\(name)\" is no command: try help")
            }
        }
        guard parts.count == 2, !rest.isEmpty else {
            throw NotUnderstood(why: "an instrument's field takes a value: cowbell.volume 0.6")
        }
        switch parts[1] {
        case "volume": return set("\(path)/volume", try number(rest, of: name))
        case "program": return set("\(path)/activeProgram", try number(rest, of: name))
        case "pitch": return set("\(path)/pitchOffset", try number(rest, of: name))
        default: return set("\(path)/\(parts[1])", value(rest))
        }
    }

    private static func presence(
        _ verb: String, _ id: String, _ flavor: String
    ) throws(NotUnderstood) -> Command {
        guard !id.isEmpty, !id.contains(where: { $0 == " " || $0 == "/" }) else {
            throw NotUnderstood(why: "\(verb) takes an instrument: \(verb) congas")
        }
        let path = Edit.instrument(id, in: flavor)
        var edit = Edit()
        if verb == "add" { edit.add(path) } else { edit.remove(path) }
        return .edit(edit, [Assignment(path: path, kind: verb == "add" ? .added : .removed)])
    }

    private static func set(_ path: String, _ value: Value) -> Command {
        .edit(Edit(set: path, to: value), [Assignment(path: path, kind: .set(value))])
    }

    /// The server judges ranges; here only whether it is a number at all.
    private static func number(_ text: String, of name: String) throws(NotUnderstood) -> Value {
        if let integer = Int64(text) { return .integer(integer) }
        if let number = Double(text), number.isFinite {
            return Int64(exactly: number).map { .integer($0) } ?? .number(number)
        }
        throw NotUnderstood(why: "\(name) takes a number, not \"\(text)\"")
    }

    private static func value(_ text: String) -> Value {
        switch text {
        case "true": return true
        case "false": return false
        default: break
        }
        if let number = try? number(text, of: "") { return number }
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            return .text(String(text.dropFirst().dropLast()))
        }
        return .text(text)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
