import Crm

/// Writes down what was agreed on the visit, and what is to be done next.
func record(visit sample: Sample, _ session: CRMSession) async throws {
    try await session { session in
        var visit = try session.meetings().get(id: sample.visit.id)
        visit.status = .held
        _ = try session.meetings().update(record: visit)
        _ = try session.notes().create(
            record: Note(
                body: "Ms Petersen signed for 12 forklifts. Delivery to hall 3, gate B, from week 50.",
                about: "organisation:\(sample.customer.id)", person: sample.jana.id))
        _ = try session.tasks().followUp(
            of: "meeting:\(sample.visit.id)", subject: "Confirm the delivery date to Ms Petersen",
            dueDate: "2026-11-24")
    }
}
