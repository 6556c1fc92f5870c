import Crm
import Foundation
import Testing

@Suite struct RecordTests {
    @Test func aRecordComesBackAsItWasStored() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let ada = try await session {
                try $0.people().create(
                    record: Person(
                        givenName: "Ada", familyName: "Lovelace", emails: [Email(address: "ada@example.org")]))
            }
            #expect(ada.id.count == 36)
            #expect(ada.version == 1)
            #expect(ada.createdAt.hasPrefix("2026-11-21T10:00:00"))
            let id = ada.id
            #expect(try await session { try $0.people().get(id: id) } == ada)
        }
    }

    @Test func anUpdateNeedsTheVersionThatIsStored() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let first = try await session { try $0.people().create(record: Person(givenName: "Ada")) }
            var changed = first
            changed.familyName = "King"
            let update = changed
            #expect(try await session { try $0.people().update(record: update) }.version == 2)
            let stale = try await failure { try await session { try $0.people().update(record: update) } }
            #expect(stale.kind == .conflict)
        }
    }

    @Test func aPatchClearsWithNullAndLeavesTheRest() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let patched = try await session { session in
                let ada = try session.people().create(record: Person(givenName: "Ada", familyName: "Lovelace"))
                return try session.people().patch(id: ada.id, patch: #"{"family_name": null}"#)
            }
            #expect(patched.givenName == "Ada")
            #expect(patched.familyName == nil)
        }
    }

    @Test func listsGoOnByCursor() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            try await session { session in
                for number in 1...5 {
                    _ = try session.organisations().create(record: Organisation(name: "Firm \(number)"))
                }
            }
            let first = try await session { try $0.organisations().list(sort: ["name"], limit: 3) }
            let rest = try await session { try $0.organisations().list(sort: ["name"], limit: 3, cursor: first.next) }
            #expect((first.records + rest.records).map(\.name) == (1...5).map { "Firm \($0)" })
            #expect(rest.next == nil)
            #expect(try await session { try $0.organisations().count(filter: #"name = "Firm 2""#) } == 1)
        }
    }

    @Test func moneyIsExactAndEnumerationsAreEnumerations() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let amount = try await session { session in
                let template = try session.call(operation: "pipeline.template", input: #"{"name": "New business"}"#)
                _ = try session.call(operation: "pipeline.create_with_stages", input: template)
                let stage = try session.stages().list(filter: #"stage_type = "open""#).records[0]
                guard stage.stageType == .open else { throw Wrong("no open stage") }
                let deal = Deal(
                    name: "Forklifts", pipeline: stage.pipeline, stage: stage.id,
                    amount: Money(amount: "148500.05", currency: "EUR"))
                return try session.deals().get(id: session.deals().create(record: deal).id).amount
            }
            #expect(amount == Money(amount: "148500.05", currency: "EUR"))
        }
    }

    @Test func everyOperationCanBeCalledByItsName() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let answer = try JSON(try await session.call("person.create", #"{"given_name": "Grace"}"#))
            #expect(answer["given_name"]?.string == "Grace")
            #expect(try await session.call("person.count") == "1")
        }
    }

    @Test func bytesGoOutAndComeIn() async throws {
        try await onMemory { crm in
            _ = try await crm.session().call("person.create", #"{"given_name": "Ada"}"#)
            let copy = try await CRM.open(bytes: crm.exportBytes(), repeatable)
            #expect(try await copy.session().call("person.count") == "1")
            #expect(try await copy.integrityCheck() == [])
            try await copy.close()
        }
    }

    @Test func specialCategoriesAreReadWithAGateOnly() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let field = #"{"record_type": "person", "name": "x_diet", "kind": "text", "category": "health"}"#
            _ = try await session.call("custom_field.create", field)
            let ada = try await session {
                try $0.people().create(record: Person(givenName: "Ada", custom: ["x_diet": #""no nuts""#]))
            }
            #expect(ada.custom == [:])
            #expect(ada.redactions == [Redaction(field: "x_diet", reason: "special_category.gate")])
            let id = ada.id
            let gated = try await crm.session(specialCategories: "explicit_consent")
            let read = try await gated { try $0.people().get(id: id) }
            #expect(read.custom == ["x_diet": #""no nuts""#])
            #expect(read.redactions == [])
            let wrong = try await failure { try await crm.session(specialCategories: "nonsense") }
            #expect(wrong.path == "special_categories")
        }
    }
}
