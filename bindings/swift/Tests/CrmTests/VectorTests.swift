import Crm
import Foundation
import Testing

/// Runs the cases that all languages share; tests/vectors/README.md has their format.
@Suite struct VectorTests {
    // Tests/CrmTests/VectorTests.swift lies four folders below the root of the repository.
    static let folder = (0..<5).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        .appending(path: "tests/vectors")

    @Test func theMatcherMatchesWhatItShouldAndNothingElse() throws {
        for row in try JSON(String(contentsOf: Self.folder.appending(path: "matcher.json"), encoding: .utf8)).items {
            guard let expected = row["expect"], let got = row["got"], case .bool(let should)? = row["matches"] else {
                Issue.record("a wrong row: \(row)")
                continue
            }
            #expect(matches(expected, got) == should, "\(row)")
        }
    }

    @Test func theSharedVectorsPass() async throws {
        var passed = 0
        var failures: [String] = []
        let names = FileManager.default.enumerator(atPath: Self.folder.path)?.allObjects as? [String] ?? []
        for name in names.sorted() where name.hasSuffix(".json") && name != "matcher.json" {
            let file = try JSON(String(contentsOf: Self.folder.appending(path: name), encoding: .utf8))
            for vector in file["cases"]?.items ?? [] {
                var run = VectorCase(vector)
                do {
                    try await run.run()
                    passed += 1
                } catch {
                    failures.append("\(name): \(vector["name"]?.string ?? "?"): step \(run.step): \(error)")
                }
            }
        }
        for failure in failures { print(failure) }
        print("swift: \(passed) vectors passed")
        #expect(failures.isEmpty)
        #expect(passed > 0)
    }
}

private struct VectorCase {
    private let vector: JSON
    private var saved = Saved()
    private(set) var step = -1

    init(_ vector: JSON) {
        self.vector = vector
    }

    mutating func run() async throws {
        var options: [String: JSON] = [
            "country": .text("DE"), "zone": .text("Europe/Berlin"), "clock": .text("2026-11-21T10:00:00Z"),
            "seed": .text(String(repeating: "0", count: 63) + "1"), "key": .text(String(repeating: "0", count: 63) + "2"),
        ]
        if case .object(let members)? = vector["options"] { options.merge(members) { _, given in given } }
        let text = try JSON.object(options).encoded
        guard let crm = try await expecting(vector["open_error"], { try await CRM.open(json: text) }) else { return }
        let begin = try (vector["session"] ?? .object([:])).encoded
        guard var session = try await expecting(vector["session_error"], { try await crm.session(json: begin) }) else {
            return try await crm.close()
        }
        for (number, item) in (vector["steps"]?.items ?? []).enumerated() {
            step = number
            session = try await take(item, crm, session)
        }
        try await crm.close()
    }

    /// Takes a step and gives the session that is in use after it.
    private mutating func take(_ step: JSON, _ crm: CRM, _ session: CRMSession) async throws -> CRMSession {
        if let options = step["session"] {
            let text = try saved.fill(options).encoded
            return try await expecting(step["error"]) { try await crm.session(json: text) } ?? session
        }
        guard let name = step["call"]?.string else { throw Wrong("a step calls or begins a session") }
        let input = try step["text"]?.string ?? step["input"].map { try saved.fill($0).encoded } ?? "{}"
        let result = try await expecting(step["error"]) { try JSON(try await session.call(name, input)) }
        guard let result else { return session }
        if let expected = step["expect"] { try mustMatch(saved.fill(expected), result) }
        if let name = step["as"]?.string { saved.keep(result, as: name) }
        return session
    }
}

/// What a call gives; nil when it failed as it should.
private func expecting<T>(_ error: JSON?, _ call: () async throws -> T) async throws -> T? {
    let given: T
    do {
        given = try await call()
    } catch let failure as CrmError {
        guard let error else { throw failure }
        try mustMatch(error, asJSON(failure))
        return nil
    }
    if let error { throw Wrong("\(error) was expected, but the call succeeded with \(given)") }
    return given
}

private func mustMatch(_ expected: JSON, _ got: JSON) throws {
    if !matches(expected, got) { throw Wrong("\(expected) was expected, but \(got) came") }
}

private func asJSON(_ error: CrmError) throws -> JSON {
    .object([
        "code": .text(error.code), "kind": .text(snakeCase("\(error.kind)")), "status": .integer(Int64(error.status)),
        "path": error.path.map(JSON.text) ?? .null, "reason": .text(error.reason), "details": try JSON(error.details),
    ])
}

private func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
}
