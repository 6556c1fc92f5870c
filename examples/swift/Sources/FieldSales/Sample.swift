import Crm

/// What the console asks for by name.
struct Sample: Sendable {
    let nina: User
    let customer: Organisation
    let jana: Person
    let visit: Meeting
    let forklifts: Deal
    let pipeline: String
    let won: Stage
}

/// Loads the customer of all examples (examples/STORY.md), and a day of Nina's.
func loadSample(_ session: CRMSession) async throws -> Sample {
    try await session { session in
        let nina = try session.users().create(record: User(name: "Nina Berg"))
        let customer = try session.organisations().create(
            record: Organisation(
                name: "Nordwind Logistik GmbH", industry: "Logistics", phones: [Phone(number: "040 30085300")],
                addresses: [
                    PostalAddress(street: "Am Sandtorkai 4", postalCode: "20457", locality: "Hamburg", country: "DE")
                ]))
        let contact = { (given: String, family: String, title: String, email: Email) in
            try session.people().create(
                record: Person(
                    givenName: given, familyName: family, organisation: customer.id, jobTitle: title, emails: [email]))
        }
        let jana = try contact(
            "Jana", "Petersen", "Head of fleet", Email(address: "jana.petersen@nordwind.example", verified: true))
        let ole = try contact("Ole", "Hansen", "Purchasing", Email(address: "o.hansen@nordwind.example", invalid: true))
        let mira = try contact("Mira", "Scholz", "Warehouse", Email(address: "mira.scholz@nordwind.example"))

        let template = try session.pipelines().template(name: "New business")
        let pipeline = try session.pipelines().createWithStages(pipeline: template.pipeline, stages: template.stages)
        let stages = Dictionary(uniqueKeysWithValues: pipeline.stages.map { ($0.key ?? "", $0) })
        let deal = { (name: String, stage: String, contact: Person, amount: String, close: String, lost: String?) in
            try session.deals().create(
                record: Deal(
                    owner: nina.id, name: name, pipeline: pipeline.pipeline.id, stage: stages[stage]?.id ?? "",
                    organisation: customer.id, person: contact.id, amount: Money(amount: amount, currency: "EUR"),
                    expectedCloseDate: close, lostReason: lost))
        }
        let forklifts = try deal(
            "Forklifts for hall 3, 12 units", "negotiation", jana, "148500.00", "2026-12-04", nil)
        _ = try deal("Maintenance 2027", "proposal", jana, "36900.00", "2026-12-18", nil)
        _ = try deal("Racking, second building phase", "qualification", mira, "82250.50", "2027-02-26", nil)
        let budget = try session.lostReasons().create(record: LostReason(name: "Budget"))
        _ = try deal("Charging station, trial", "lost", ole, "5400.00", "2026-10-30", budget.id)

        let visit = try session.meetings().create(
            record: Meeting(
                owner: nina.id, subject: "Forklifts for hall 3: sign the order", startsAt: "2026-11-21T13:00:00Z",
                endsAt: "2026-11-21T14:00:00Z", location: "Am Sandtorkai 4", about: "organisation:\(customer.id)",
                person: jana.id))
        _ = try session.tasks().create(
            record: CrmTask(owner: nina.id, subject: "Bring the data sheet of the charger", dueDate: "2026-11-20"))
        _ = try session.tasks().create(
            record: CrmTask(owner: nina.id, subject: "Quote the maintenance for 2027", dueDate: "2026-11-23"))
        guard let won = stages["won"] else { fatalError("the template has a stage for what was won") }
        return Sample(
            nina: nina, customer: customer, jana: jana, visit: visit, forklifts: forklifts,
            pipeline: pipeline.pipeline.id, won: won)
    }
}
