import Model
import Wire

/// Whether every device of every owner ended with the same inbox, and that with what was done:
/// each acknowledged like, once.
struct InboxJudge {
    /// Somebody's like of a pattern.
    struct Like: Hashable {
        let actor: String
        let pattern: String
    }

    /// A notice that stands.
    struct Entry: Hashable {
        let number: Int64
        let like: Like
        let isRead: Bool
    }

    /// What must have come of the acts that were acknowledged.
    struct Expected: Hashable {
        /// Likes, and likes taken back, that are told.
        var told = 0
        var takenBack = 0
        var standing: Set<Like> = []
    }

    /// What the disk has when the server is gone.
    struct Disk: Hashable {
        let number: Int64
        let unread: Int64
        let recount: Int64
        /// Newest first.
        let entries: [Entry]
    }

    struct Device: Hashable {
        let book: StreamBook
        let unread: Int64
        /// Newest first.
        let entries: [Entry]
        let told: Int
        let takenBack: Int
    }

    struct Inbox {
        let expected: Expected
        let disk: Disk
        let devices: [Device]
    }

    let inboxes: [Inbox]

    /// Events that a device did not get, or that never were: one for each device that lacks one.
    var lost: Int {
        inboxes.reduce(0) { sum, inbox in
            let (expected, disk) = (inbox.expected, inbox.disk)
            let standing = Set(disk.entries.map(\.like))
            let missing = expected.standing.subtracting(standing).count
            return inbox.devices.reduce(sum + missing) { sum, device in
                sum + max(0, Int(disk.number - device.book.start) - device.book.applied)
                    + max(0, expected.told - device.told)
                    + max(0, expected.takenBack - device.takenBack)
            }
        }
    }

    /// Events that came twice, or acts that were told of twice.
    var doubled: Int {
        inboxes.reduce(0) { sum, inbox in
            let (expected, disk) = (inbox.expected, inbox.disk)
            let twice = disk.entries.count - Set(disk.entries.map(\.like)).count
            return inbox.devices.reduce(sum + twice) { sum, device in
                sum + device.book.doubled + max(0, device.told - expected.told)
                    + max(0, device.takenBack - expected.takenBack)
            }
        }
    }

    /// Streams with a gap, or that did not go on where they were.
    var broken: Int {
        devices.reduce(0) { $0 + $1.book.gaps + $1.book.unrecovered }
    }

    /// Inboxes and devices whose count is not a recount.
    var miscounted: Int {
        inboxes.count { $0.disk.unread != $0.disk.recount }
            + devices.count { device in
                device.unread != Int64(device.entries.count { !$0.isRead })
            }
            + inboxes.reduce(0) { sum, inbox in
                sum + inbox.devices.count { $0.unread != inbox.disk.unread }
            }
    }

    /// Devices that do not show what is on the disk.
    var unequal: Int {
        inboxes.reduce(0) { sum, inbox in
            sum + inbox.devices.count { $0.entries != inbox.disk.entries }
        }
    }

    /// Notices on the disk of likes that do not stand.
    var untrue: Int {
        inboxes.reduce(0) { sum, inbox in
            sum + Set(inbox.disk.entries.map(\.like)).subtracting(inbox.expected.standing).count
        }
    }

    private var devices: [Device] { inboxes.flatMap(\.devices) }

    func judge(_ verdict: inout Verdict) {
        verdict.require(lost == 0, "\(lost) lost")
        verdict.require(doubled == 0, "\(doubled) doubled")
        verdict.require(broken == 0, "\(broken) streams with a gap, or not recovered")
        verdict.require(miscounted == 0, "\(miscounted) unread counts are not a recount")
        verdict.require(unequal == 0, "\(unequal) devices differ from the disk")
        verdict.require(untrue == 0, "\(untrue) notices of what was taken back")
        verdict.require(
            inboxes.contains { $0.expected.told > 0 } && !devices.isEmpty, "nothing was tried")
    }
}

extension InboxJudge.Expected {
    /// Takes an acknowledged step of somebody's walk. A like that comes again is told of again
    /// `noticeRestoresMax` times: the next ones are kept from the owner, and so is what takes them
    /// back.
    mutating func take(_ like: InboxJudge.Like, isLike: Bool, round: Int) {
        guard round <= Limits.noticeRestoresMax else { return }
        if isLike {
            told += 1
            standing.insert(like)
        } else {
            takenBack += 1
            standing.remove(like)
        }
    }
}
