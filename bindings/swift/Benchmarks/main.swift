// What calls cost: prints "operation microseconds" for each, the tenth of the rounds that is quickest, so that what else the
// machine does is not in it. tests/overhead/run compares with C.
import Crm
import Foundation

let rounds = 100

func measure(_ name: String, _ calls: Int, _ call: () async throws -> Void) async throws {
    var times: [Double] = []
    for _ in 0..<rounds {
        let begin = ContinuousClock.now
        for _ in 0..<calls { try await call() }
        let spent = (ContinuousClock.now - begin).components
        times.append((Double(spent.seconds) * 1e6 + Double(spent.attoseconds) / 1e12) / Double(calls))
    }
    times.sort()
    print(name, String(format: "%.2f", times[rounds / 10]))
}

let database = try Database.open(options: OpenOptions())
let session = try database.session()
for number in 0..<500 {
    _ = try session.people().create(
        record: Person(
            givenName: "Ada", familyName: "Lovelace \(number)", emails: [Email(address: "ada\(number)@example.com")],
            tags: ["analyst"]))
}
let people = session.people()
let id = try people.list(limit: 1).records[0].id
func list(_ count: UInt32) throws {
    let records = try people.list(limit: count).records
    precondition(records.count == Int(count))
}
try await measure("person.get", 50) { _ = try people.get(id: id) }
try await measure("person.count", 50) { _ = try people.count() }
try await measure("person.list.50", 5) { try list(50) }
try await measure("person.list.500", 1) { try list(500) }
try await measure("text.person.list.500", 1) { _ = try session.call(operation: "person.list", input: #"{"limit": 500}"#) }

let crm = try await CRM.open()
let other = try await crm.session()
let made = try await other { try $0.people().create(record: Person(givenName: "Ada")) }.id
try await measure("actor.person.get", 50) { _ = try await other { try $0.people().get(id: made) } }
try await crm.close()
