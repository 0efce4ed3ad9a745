import Foundation
import Testing

@testable import Social

@Suite struct MailMessageTests {
    private func message(
        subject: String = "Hello", body: String = "Open this:\n\nhttps://salsa.example/#verify/00",
        to: String = "ana@example.org", unsubscribe: String? = nil
    ) -> MailMessage {
        MailMessage(
            from: "salsanor@salsa.example", to: to, subject: subject, body: body,
            id: "0198c5f0-0000-7000-8000-000000000001", dateMs: 1_790_000_000_000,
            unsubscribeURL: unsubscribe)
    }

    private func text(_ message: MailMessage) -> String {
        String(decoding: message.bytes, as: UTF8.self)
    }

    @Test func `A plain letter is written plainly`() {
        #expect(
            text(message()) == """
                From: salsanor@salsa.example\r
                To: ana@example.org\r
                Subject: Hello\r
                Date: Mon, 21 Sep 2026 14:13:20 +0000\r
                Message-ID: <0198c5f0-0000-7000-8000-000000000001@salsa.example>\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: 7bit\r
                Auto-Submitted: auto-generated\r
                \r
                Open this:\r
                \r
                https://salsa.example/#verify/00\r

                """)
    }

    @Test func `RFC 2045 §6.7: what is beyond ASCII is quoted, in lines of at most 76`() {
        let letter = text(
            message(body: "Åpne = lenken \n\(String(repeating: "ñ", count: 60))"))
        #expect(letter.contains("Content-Transfer-Encoding: quoted-printable\r\n"))
        #expect(letter.contains("=C3=85pne =3D lenken=20\r\n"))
        for line in letter.split(separator: "\r\n") { #expect(line.utf8.count <= 76) }
        #expect(message(body: "Åpne").bytes.allSatisfy { $0 < 0x80 })
    }

    @Test func `A line that is too long for SMTP is folded`() {
        let letter = text(message(body: String(repeating: "x", count: 2_000)))
        for line in letter.split(separator: "\r\n") { #expect(line.utf8.count <= 76) }
    }

    @Test func `RFC 2047: a subject beyond ASCII is in words of at most 75, no character cut`() {
        let subject = "Confirma tu dirección de correo, señorita Ñandú de los años que vienen"
        let head = text(message(subject: subject))
        let start = head.range(of: "Subject: ")!.upperBound
        let field = head[start..<head.range(of: "\r\nDate:")!.lowerBound]
        let words = field.split(separator: "\r\n ")
        #expect(words.count > 1)
        for word in words {
            #expect(word.utf8.count <= 75)
            #expect(word.hasPrefix("=?utf-8?q?") && word.hasSuffix("?="))
            var bytes: [UInt8] = []
            var rest = Array(word.utf8.dropFirst(10).dropLast(2))[...]
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "_"): bytes.append(0x20)
                case UInt8(ascii: "="):
                    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                    bytes.append(UInt8(digits, radix: 16)!)
                    rest = rest.dropFirst(2)
                default: bytes.append(byte)
                }
            }
            #expect(String(validating: bytes, as: UTF8.self) != nil)
        }
        #expect(text(message(subject: "=?utf-8?q?forged?=")).contains("Subject: =?utf-8?q?=3D"))
    }

    @Test(arguments: ["\r\nBcc: b@example.org", "\nX: y", "\r", "\u{85}", "\0"])
    func `No field brings another line`(end: String) {
        let letter = text(
            message(
                subject: "Hello" + end, to: "ana@example.org" + end,
                unsubscribe: "https://salsa.example/" + end))
        let head = letter.prefix { _ in true }.components(separatedBy: "\r\n\r\n")[0]
        let names = head.components(separatedBy: "\r\n").map { $0.prefix { $0 != ":" } }
        #expect(
            names == [
                "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding", "Auto-Submitted", "List-Unsubscribe",
                "List-Unsubscribe-Post",
            ])
        #expect(!head.contains("\0") && !head.replacing("\r\n", with: "").contains("\n"))
    }

    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (1_709_251_199_999, "Thu, 29 Feb 2024 23:59:59 +0000"),
        (4_102_444_800_000, "Fri, 1 Jan 2100 00:00:00 +0000"),
    ])
    func `RFC 5322 §3.3: dates`(timeMs: Int64, expected: String) {
        #expect(MailDate.text(timeMs) == expected)
    }

    @Test func `Which addresses are written to`() {
        for address in ["a@b", "ana@example.org", "ñandú@exämple.org", "a+b=c@d.e"] {
            #expect(MailAddress.isSafe(address), "\(address)")
        }
        for address in [
            "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\n", "<a@b>", "a@b>", "a,b@c", "-a@b",
            "\"a\"@b", "a@b\u{0}", "a@b\u{A0}",
        ] {
            #expect(!MailAddress.isSafe(address), "\(address)")
        }
    }

    @Test func `Every letter has every language, its link and its name`() {
        let link = "https://salsa.example/#verify/00"
        let texts: [MailText] = [
            .verify(name: "Åse", link: link, hours: 48),
            .resetPassword(name: "Åse", link: link, minutes: 60),
            .emailChangeAsked(name: "Åse", newEmail: link),
            .emailChanged(name: "Åse", newEmail: link),
        ]
        for language in MailLanguage.allCases {
            for text in texts {
                #expect(1...200 ~= text.subject(language).count)
                let lines = text.body(language).split(separator: "\n")
                #expect(lines.contains { $0.contains(link) } && lines[0].contains("Åse"))
                #expect(lines.allSatisfy { $0.count <= 100 })
            }
        }
        #expect(Set(MailLanguage.allCases.map { texts[0].subject($0) }).count == 3)
        for (tag, language) in [
            ("no", MailLanguage.norwegian), ("nn-NO", .norwegian), ("ES_mx", .spanish),
            ("", .english), ("nbx", .english),
        ] {
            #expect(MailLanguage(tag: tag) == language, "\(tag)")
        }
    }

    @Test func `Delays double up to their ceiling`() {
        #expect(MailRetry.delayMs(afterRefusals: 1) == MailRetry.delayMsMin)
        #expect(MailRetry.delayMs(afterRefusals: 2) == 2 * MailRetry.delayMsMin)
        #expect(MailRetry.delayMs(afterRefusals: 100) == MailRetry.delayMsMax)
        #expect(MailRetry.pauseMs(afterFailures: 1) == MailRetry.pauseMsMin)
        #expect(MailRetry.pauseMs(afterFailures: .max) == MailRetry.pauseMsMax)
        #expect(!MailRetry.givesUp(afterRefusals: 2, isPermanent: true))
        #expect(MailRetry.givesUp(afterRefusals: 3, isPermanent: true))
        #expect(!MailRetry.givesUp(afterRefusals: 300, isPermanent: false))
    }
}
