package fieldsales

import org.crmcore.CrmSession
import org.crmcore.EventStatus
import org.crmcore.Note

/** Writes down what was agreed on the visit, and what is to be done next. */
suspend fun recordVisit(session: CrmSession, sample: Sample) {
    session {
        meetings().update(meetings().get(sample.visit.id).copy(status = EventStatus.HELD))
        notes().create(
            Note(
                about = "organisation:${sample.customer.id}",
                person = sample.jana.id,
                body = "Ms Petersen signed for 12 forklifts. Delivery to hall 3, gate B, from week 50.",
            ),
        )
        tasks().followUp(
            of = "meeting:${sample.visit.id}",
            subject = "Confirm the delivery date to Ms Petersen",
            dueDate = "2026-11-24",
        )
    }
}
