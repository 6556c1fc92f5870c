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
            let broken = try await failure { try await session.call("person.create", "{") }
            #expect(broken.code == "input.json")
            let unknown = try await failure { try await session.call("person.fly") }
            #expect(unknown.kind == .invalid)
        }
    }

    @Test func optionsThatAreNotKnownAreAnError() async throws {
        try await onMemory { crm in
            let colour = try await failure { try await CRM.open(json: #"{"colour": "red"}"#) }
            #expect(colour.kind == .invalid)
            let country = try await failure { try await CRM.open(OpenOptions(country: "XX")) }
            #expect(country.path == "country")
            let actor = try await failure { try await crm.session(actor: "nobody") }
            #expect(actor.path == "actor")
        }
    }

    @Test func optionsOfPrivacyAreCheckedEachByItsPath() async throws {
        let seat = OpenOptions(controller: ControllerOptions(seat: "nowhere"))
        #expect(try await failure { try await CRM.open(seat) }.path == "controller.seat")
        let regimes = OpenOptions(regimes: ["eu", "moon"])
        #expect(try await failure { try await CRM.open(regimes) }.path == "regimes[1]")
        let caps = OpenOptions(contactCaps: [ContactCapOptions(contacts: 1, hours: 721)])
        #expect(try await failure { try await CRM.open(caps) }.path == "contact_caps[0].hours")
    }

    @Test func afterClosingEveryCallFailsWithTheKindClosed() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            try await crm.close()
            try await crm.close()
            let count = try await failure { try await session { try $0.people().count() } }
            #expect(count.kind == .closed)
            let export = try await failure { try await crm.exportBytes() }
            #expect(export.kind == .closed)
            for await _ in crm.commits() { Issue.record("a closed database commits nothing") }
        }
    }
}
