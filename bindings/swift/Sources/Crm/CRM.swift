import Foundation

/// An open database whose calls run one after another on a queue of their own, never on the main thread.
///
/// ```swift
/// let crm = try await CRM.open(OpenOptions(path: "customers.db", country: "DE"))
/// let session = try await crm.session()
/// let ada = try await session { try $0.people().create(record: Person(givenName: "Ada", familyName: "Lovelace")) }
/// try await crm.close()
/// ```
///
/// Cancelling a task interrupts its call, which changes nothing and throws `CancellationError`. A host that exports for
/// minutes and reads meanwhile opens the same file twice. ``Database`` and ``Session`` are the same without concurrency, for hosts
/// that have threads of their own.
///
/// Every call may throw a ``CrmError``; after ``close()`` its kind is `closed`.
public actor CRM {
    private let queue: WorkQueue
    private let database: Database
    private let streams = Streams()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    private init(_ database: Database) {
        self.database = database
        queue = WorkQueue()
    }

    /// Opens a database; a file that is not there is created.
    public static func open(_ options: OpenOptions = OpenOptions()) async throws -> CRM {
        CRM(try await blocking { try Database.open(options: options) })
    }

    /// As ``open(_:)``, from the text of a JSON object with the members of ``OpenOptions`` in snake case.
    public static func open(json options: String) async throws -> CRM {
        CRM(try await blocking { try Database.openJson(options: options) })
    }

    /// Opens a copy in memory of a database whose file has these bytes.
    public static func open(bytes: Data, _ options: OpenOptions = OpenOptions()) async throws -> CRM {
        CRM(try await blocking { try Database.openBytes(bytes: bytes, options: options) })
    }

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - actor: who acts: `system`, or `user:` and the identifier of a user; the system when nothing is said.
    ///   - purpose: the key of the purpose; `customer_relationship_management` when nothing is said.
    ///   - specialCategories: the ground of GDPR Article 9(2) on which the session reads special categories, for example
    ///     `explicit_consent`; it does not when nothing is said.
    /// - Throws: `actor.invalid`, `purpose.unknown`, `purpose.inactive`, `select.unknown`, `user.unknown`.
    public nonisolated func session(
        actor: String? = nil, purpose: String? = nil, specialCategories: String? = nil
    ) async throws -> CRMSession {
        let session = try await run {
            try $0.session(actor: actor, purpose: purpose, specialCategories: specialCategories)
        }
        return CRMSession(crm: self, session: session)
    }

    /// As ``session(actor:purpose:specialCategories:)``, from the text of a JSON object with the members `actor`, `purpose` and
    /// `special_categories`.
    public nonisolated func session(json options: String) async throws -> CRMSession {
        CRMSession(crm: self, session: try await run { try $0.sessionJson(options: options) })
    }

    /// What is committed through this `CRM` from now on, until ``close()``. Commits that follow each other while nobody fetches
    /// them come as one. What was before, and what other processes write, is read with `journal().feed`.
    public nonisolated func commits() -> Commits {
        Commits(CommitStream(database.events(), in: streams))
    }

    /// Copies the database into a new file while it is in use.
    public nonisolated func backup(to path: String) async throws {
        try await run { try $0.backup(path: path) }
    }

    /// The bytes of the database, as its file has them.
    public nonisolated func exportBytes() async throws -> Data {
        try await run { try $0.exportBytes() }
    }

    /// Checks the file and its links. Gives the findings; none when it is sound.
    public nonisolated func integrityCheck() async throws -> [String] {
        try await run { try $0.integrityCheck() }
    }

    /// Stops the call that runs now; it fails with the kind `interrupted`. Cancelling its task does so, too.
    public nonisolated func interrupt() {
        database.interrupt()
    }

    /// Closes the database and ends the sequences of commits. A call that runs is waited for, then interrupted. A second close
    /// does nothing.
    public nonisolated func close() async throws {
        streams.close()
        let database = database
        try await blocking { try database.shutdown() }
    }

    /// Runs work when its turn comes; cancelling the task ends it.
    nonisolated func run<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async throws -> T {
        let database = database
        let turn = Turn { database.interrupt() }
        return try await withTaskCancellationHandler {
            try await perform(turn, work)
        } onCancel: {
            turn.cancel()
        }
    }

    private func perform<T: Sendable>(_ turn: Turn, _ work: @Sendable (Database) throws -> T) throws -> T {
        try turn.begin()
        defer { turn.end() }
        do {
            return try work(database)
        } catch let error as CrmError where error.kind == .interrupted && turn.isCancelled {
            throw CancellationError()
        }
    }
}
