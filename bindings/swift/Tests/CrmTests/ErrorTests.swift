import Crm
import Testing

@Suite struct ErrorTests {
    @Test func anErrorNamesItsCodeKindPathAndReasonAndNoValue() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let wrong = try await failure {
                try await session {
                    try $0.people().create(record: Person(givenName: "Ada", emails: [Email(address: "no address")]))
                }
            }
            #expect(wrong.kind == .invalid)
            #expect(wrong.path == "emails[0].address")
            #expect(!wrong.code.isEmpty)
            #expect(!wrong.reason.isEmpty)
            #expect(!wrong.reason.contains("no address"))
            #expect(wrong.details.hasPrefix("{"))
            #expect(try await session { try $0.people().count() } == 0)
        }
    }

    @Test func aRecordThatIsNotThereIsNotFound() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let missing = try await failure {
                try await session { try $0.people().get(id: "01939a2e-0000-7000-8000-000000000000") }
            }
            #expect(missing.kind == .notFound)
            #expect(missing.code == "record.not_found")
        }
    }

    @Test func inputThatIsNoJSONIsAnError() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            #expect(try await failure { try await session.call("person.create", "{") }.code == "input.json")
            #expect(try await failure { try await session.call("person.fly") }.kind == .notFound)
        }
    }

    @Test func optionsThatAreNotKnownAreAnError() async throws {
        try await onMemory { crm in
            #expect(try await failure { try await CRM.open(json: #"{"colour": "red"}"#) }.kind == .invalid)
            #expect(try await failure { try await CRM.open(OpenOptions(country: "XX")) }.path == "country")
            #expect(try await failure { try await crm.session(actor: "nobody") }.path == "actor")
        }
    }

    @Test func afterClosingEveryCallFailsWithTheKindClosed() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            try await crm.close()
            try await crm.close()
            #expect(try await failure { try await session { try $0.people().count() } }.kind == .closed)
            #expect(try await failure { try await crm.session() }.kind == .closed)
            #expect(try await failure { try await crm.exportBytes() }.kind == .closed)
            for await _ in crm.commits() { Issue.record("a closed database commits nothing") }
        }
    }
}
