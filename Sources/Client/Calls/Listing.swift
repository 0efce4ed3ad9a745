import Model
import Wire

/// One page of a list, and where the next begins.
public struct Page<Element: Sendable>: Sendable {
    public let elements: [Element]
    /// For `Listing.page(after:limit:)`; nil on the last page. It may be kept, and says nothing
    /// else.
    public let next: String?
}

/// A list on the server, which comes page by page: in a loop over all of it, or by hand with
/// `page(after:limit:)`. Nothing is asked before. Each pass begins at the beginning.
///
///     for try await pattern in client.patterns.list() { print(pattern.title) }
///
/// What is added or taken away meanwhile never makes an element come twice.
public struct Listing<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Failure = ClientError

    let client: SalsaClient
    let method: Method
    let params: JSON.Object
    /// Of the result: the array.
    let member: String

    init(
        _ client: SalsaClient, _ method: Method,
        _ params: KeyValuePairs<String, any Param> = [:], at member: String
    ) {
        self.client = client
        self.method = method
        self.params = JSON.Object(params)
        self.member = member
    }

    /// - Parameters:
    ///   - cursor: `next` of the page before; the first page if left out.
    ///   - limit: elements at most, 1...100; the server chooses if left out.
    public func page(
        after cursor: String? = nil, limit: Int? = nil
    ) async throws(ClientError) -> Page<Element> {
        var params = params
        params["cursor"] = cursor.param
        params["limit"] = limit.param
        let result: JSON = try await client.answer(method, params)
        do {
            return Page(
                elements: try (result[member] ?? .null).decoded(as: [Element].self),
                next: result["next"]?.string)
        } catch {
            throw .unreadable("\(method.rawValue): \(error)")
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let listing: Listing
        private var elements: ArraySlice<Element> = []
        private var cursor: String?
        private var isLast = false

        init(_ listing: Listing) { self.listing = listing }

        public mutating func next() async throws(ClientError) -> Element? {
            while elements.isEmpty, !isLast {
                let page = try await listing.page(after: cursor)
                elements = page.elements[...]
                cursor = page.next
                isLast = cursor == nil
            }
            return elements.popFirst()
        }
    }
}
