package import Model

/// The letter that tells of what was missed. `Protocol/notifications.md#digest`.
package struct DigestText: Hashable, Sendable {
    /// One group of notices.
    package struct Line: Hashable, Sendable {
        package let kind: NoticeKind
        /// Nil when they are gone.
        package let name: String?
        /// How many different people beside the one with the name.
        package let others: Int
        /// Nil when it may not be seen, and for follows.
        package let title: String?

        package init(kind: NoticeKind, name: String?, others: Int, title: String?) {
            self.kind = kind
            self.name = name
            self.others = others
            self.title = title
        }
    }

    private let name: String
    private let count: Int
    private let lines: [Line]
    private let link: String
    private let unsubscribeLink: String

    /// - Parameters:
    ///   - count: notices, those included that have no line any more.
    ///   - link: where all of them are.
    package init(
        name: String, count: Int, lines: [Line], link: String, unsubscribeLink: String
    ) {
        self.name = name
        self.count = count
        self.lines = lines
        self.link = link
        self.unsubscribeLink = unsubscribeLink
    }

    package func subject(_ language: MailLanguage) -> String {
        switch language {
        case .english: count == 1 ? "1 new notification" : "\(count) new notifications"
        case .norwegian: count == 1 ? "1 nytt varsel" : "\(count) nye varsler"
        case .spanish: count == 1 ? "1 aviso nuevo" : "\(count) avisos nuevos"
        }
    }

    package func body(_ language: MailLanguage) -> String {
        let list = lines.map { "- " + Self.text($0, language) }.joined(separator: "\n")
        return switch language {
        case .english:
            """
            Hello \(name),

            while you were away:

            \(list)

            All of it: \(link)

            You get this at most once a day. No more of these letters: \(unsubscribeLink)

            SalsaNor
            """
        case .norwegian:
            """
            Hei \(name),

            mens du var borte:

            \(list)

            Alt sammen: \(link)

            Du får dette høyst én gang om dagen. Ingen flere slike brev: \(unsubscribeLink)

            SalsaNor
            """
        case .spanish:
            """
            Hola, \(name):

            mientras no estabas:

            \(list)

            Todo: \(link)

            Recibes esto como mucho una vez al día. No más cartas como esta: \(unsubscribeLink)

            SalsaNor
            """
        }
    }

    private static func text(_ line: Line, _ language: MailLanguage) -> String {
        let who = who(line, language)
        let isOne = line.others == 0
        let title = line.title.map { "\u{201C}\($0)\u{201D}" }
        switch language {
        case .english:
            let what = title ?? "a pattern"
            return switch line.kind {
            case .like: "\(who) liked \(what)"
            case .comment: "\(who) commented on \(what)"
            case .reply: "\(who) answered you on \(what)"
            case .mention: "\(who) mentioned you on \(what)"
            case .fork: "\(who) forked \(what)"
            case .follow: isOne ? "\(who) follows you" : "\(who) follow you"
            case .invitation: "\(who) invited you to \(what)"
            case .joined: "\(who) joined \(what)"
            case .role: "\(who) changed your role in \(what)"
            }
        case .norwegian:
            let what = title ?? "et mønster"
            return switch line.kind {
            case .like: "\(who) liker \(what)"
            case .comment: "\(who) kommenterte \(what)"
            case .reply: "\(who) svarte deg på \(what)"
            case .mention: "\(who) nevnte deg på \(what)"
            case .fork: "\(who) laget en kopi av \(what)"
            case .follow: "\(who) følger deg"
            case .invitation: "\(who) inviterte deg til \(what)"
            case .joined: "\(who) ble med i \(what)"
            case .role: "\(who) endret rollen din i \(what)"
            }
        case .spanish:
            let what = title ?? "un patrón"
            return switch line.kind {
            case .like: isOne ? "A \(who) le gusta \(what)" : "A \(who) les gusta \(what)"
            case .comment: isOne ? "\(who) comentó \(what)" : "\(who) comentaron \(what)"
            case .reply:
                isOne ? "\(who) te respondió en \(what)" : "\(who) te respondieron en \(what)"
            case .mention:
                isOne ? "\(who) te mencionó en \(what)" : "\(who) te mencionaron en \(what)"
            case .fork: isOne ? "\(who) hizo una copia de \(what)" : "\(who) copiaron \(what)"
            case .follow: isOne ? "\(who) te sigue" : "\(who) te siguen"
            case .invitation: "\(who) te invitó a \(what)"
            case .joined: isOne ? "\(who) se unió a \(what)" : "\(who) se unieron a \(what)"
            case .role: "\(who) cambió tu papel en \(what)"
            }
        }
    }

    private static func who(_ line: Line, _ language: MailLanguage) -> String {
        let others = line.others
        switch language {
        case .english:
            let name = line.name ?? "Somebody"
            return switch others {
            case 0: name
            case 1: "\(name) and 1 other"
            default: "\(name) and \(others) others"
            }
        case .norwegian:
            let name = line.name ?? "Noen"
            return switch others {
            case 0: name
            case 1: "\(name) og 1 annen"
            default: "\(name) og \(others) andre"
            }
        case .spanish:
            let name = line.name ?? "Alguien"
            return switch others {
            case 0: name
            case 1: "\(name) y 1 persona más"
            default: "\(name) y \(others) personas más"
            }
        }
    }
}
