import Crm
import Testing

/// The options under which every run gives the same results.
let repeatable = OpenOptions(
    country: "DE", zone: "Europe/Berlin", key: String(repeating: "0", count: 63) + "2", clock: "2026-11-21T10:00:00Z",
    seed: String(repeating: "0", count: 63) + "1")

/// Runs a test on a database in memory.
func onMemory(_ test: (CRM) async throws -> Void) async throws {
    let crm = try await CRM.open(repeatable)
    do {
        try await test(crm)
    } catch {
        try await crm.close()
        throw error
    }
    try await crm.close()
}

/// The error of a call that must fail.
func failure<T>(_ call: () async throws -> T) async throws -> CrmError {
    do {
        _ = try await call()
    } catch let error as CrmError {
        return error
    }
    throw Wrong("the call succeeded")
}
