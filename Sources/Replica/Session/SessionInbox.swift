import Model
import Wire

/// The inbox of whoever is signed in: listed once, then kept by its events.
extension Session {
    /// Begins to hold the inbox.
    package mutating func followInbox() {
        guard inbox == nil else { return }
        inbox = InboxFollower()
        follow(.inbox)
    }

    /// Asks for the next page of older notices; false when there is none, or not now.
    package mutating func listMoreOfInbox() -> Bool {
        guard phase == .open, let cursor = inbox?.beginPage() else { return false }
        send(.inboxList, ["cursor": .string(cursor)], for: .inboxPage)
        return true
    }

    mutating func inboxHeard(_ news: StreamNews) {
        guard inbox != nil else { return }
        switch news {
        case .opened(let opening):
            if inbox?.opened(opening) == true { listInbox() }
        case .event(let event):
            if inbox?.receive(event) == true { outputs.append(.inbox) }
        case .ended: break
        }
    }

    mutating func inboxListed(_ result: Result<JSON, WireError>) {
        switch result {
        case .success(let page):
            if inbox?.listed(page) == false { return listInbox() }
            outputs.append(.inbox)
        case .failure:
            // Another socket, another try: without a list there is nothing to show.
            outputs.append(.abort("the inbox could not be listed"))
        }
    }

    mutating func inboxPageListed(_ result: Result<JSON, WireError>) {
        if case .success(let page) = result { inbox?.add(page) } else { inbox?.endPage() }
        outputs.append(.inbox)
    }

    private mutating func listInbox() {
        send(.inboxList, [:], for: .inboxList)
    }
}
