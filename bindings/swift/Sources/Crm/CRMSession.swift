import Foundation

/// Who acts and for which purpose. Made by ``CRM/session(actor:purpose:)``.
///
/// ```swift
/// let page = try await session { try $0.deals().list(filter: "stage.stage_type = open", limit: 50) }
/// ```
public struct CRMSession: Sendable {
    private let crm: CRM
    private let session: Session
    private let listener: Listener?

    init(crm: CRM, session: Session) {
        self.init(crm, session, nil)
    }

    private init(_ crm: CRM, _ session: Session, _ listener: Listener?) {
        self.crm = crm
        self.session = session
        self.listener = listener
    }

    /// Runs calls on the queue of the ``CRM`` and gives what the last of them gave. Several calls in one closure cost one change
    /// of threads; each is a transaction of its own.
    ///
    /// When the task is cancelled, the call that runs is interrupted and changes nothing; what earlier calls of the closure
    /// committed stays.
    public func callAsFunction<T: Sendable>(_ work: @escaping @Sendable (Session) throws -> T) async throws -> T {
        let (session, listener) = (session, listener)
        return try await crm.run { _ in
            do {
                return try work(session)
            } catch {
                throw listener?.takeFailure() ?? error
            }
        }
    }

    /// Runs an operation by its name, such as `person.create` or `x_asset.list`, with the text of a JSON object; gives the text
    /// of its result. For records of custom types, and for hosts that hold JSON.
    public func call(_ operation: String, _ input: String = "{}") async throws -> String {
        try await self { try $0.call(operation: operation, input: input) }
    }

    /// The same session, whose imports and exports tell a listener what is done, the text of an object with counts such as
    /// `{"records": 500}`. It runs on the queue and must not call the database. `false` stops the operation; what it throws stops
    /// it, too, and comes out of the call.
    public func withProgress(_ onProgress: @escaping @Sendable (String) throws -> Bool) -> CRMSession {
        let listener = Listener(onProgress)
        return CRMSession(crm, session.withProgress(listener: listener), listener)
    }
}

/// Hears of progress, and keeps what the host throws: only errors of the engine pass through it.
private final class Listener: ProgressListener, @unchecked Sendable {
    private let told: @Sendable (String) throws -> Bool
    private let lock = NSLock()
    // Read and written under the lock.
    private var failure: (any Error)?

    init(_ told: @escaping @Sendable (String) throws -> Bool) {
        self.told = told
    }

    func onProgress(done: JsonText) throws -> Bool {
        do {
            return try told(done)
        } catch {
            lock.withLock { failure = error }
            return false
        }
    }

    func takeFailure() -> (any Error)? {
        lock.withLock {
            defer { failure = nil }
            return failure
        }
    }
}
