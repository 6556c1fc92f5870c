/// Who acts and for which purpose. Made by ``CRM/session(actor:purpose:)``.
///
/// ```swift
/// let page = try await session { try $0.deals().list(filter: "stage.stage_type = open", limit: 50) }
/// ```
public struct CRMSession: Sendable {
    let crm: CRM
    let session: Session

    /// Runs calls on the queue of the ``CRM`` and gives what the last of them gave. Several calls in one closure cost one change
    /// of threads; each is a transaction of its own.
    ///
    /// When the task is cancelled, the call that runs is interrupted and changes nothing; what earlier calls of the closure
    /// committed stays.
    public func callAsFunction<T: Sendable>(_ work: @escaping @Sendable (Session) throws -> T) async throws -> T {
        let session = session
        return try await crm.run { _ in try work(session) }
    }

    /// Runs an operation by its name, such as `person.create` or `x_asset.list`, with the text of a JSON object; gives the text
    /// of its result. For records of custom types, and for hosts that hold JSON.
    public func call(_ operation: String, _ input: String = "{}") async throws -> String {
        try await self { try $0.call(operation: operation, input: input) }
    }

    /// The same session, whose imports and exports tell a listener what is done, the text of an object with counts such as
    /// `{"records": 500}`. The listener runs on the queue and must not call the database; `false` stops the operation.
    public func withProgress(_ listener: @escaping @Sendable (String) throws -> Bool) -> CRMSession {
        CRMSession(crm: crm, session: session.withProgress(listener: Listener(told: listener)))
    }
}

private final class Listener: ProgressListener {
    private let told: @Sendable (String) throws -> Bool

    init(told: @escaping @Sendable (String) throws -> Bool) {
        self.told = told
    }

    func onProgress(done: JsonText) throws -> Bool {
        try told(done)
    }
}
