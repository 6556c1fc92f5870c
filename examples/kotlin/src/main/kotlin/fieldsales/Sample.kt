package fieldsales

import org.crmcore.CrmSession
import org.crmcore.Deal
import org.crmcore.Email
import org.crmcore.LostReason
import org.crmcore.Meeting
import org.crmcore.Money
import org.crmcore.Organisation
import org.crmcore.Person
import org.crmcore.Phone
import org.crmcore.PostalAddress
import org.crmcore.Stage
import org.crmcore.Task
import org.crmcore.User

/** What the console asks for by name. */
class Sample(
    val nina: User,
    val customer: Organisation,
    val jana: Person,
    val visit: Meeting,
    val forklifts: Deal,
    val pipeline: String,
    val won: Stage,
)

/** Loads the customer of all examples (examples/STORY.md), and a day of Nina's. */
suspend fun loadSample(session: CrmSession): Sample = session {
    val nina = users().create(User(name = "Nina Berg"))
    val customer = organisations().create(
        Organisation(
            name = "Nordwind Logistik GmbH",
            industry = "Logistics",
            addresses = listOf(
                PostalAddress(street = "Am Sandtorkai 4", postalCode = "20457", locality = "Hamburg", country = "DE"),
            ),
            phones = listOf(Phone(number = "040 30085300")),
        ),
    )
    fun contact(given: String, family: String, title: String, email: Email) = people().create(
        Person(
            givenName = given,
            familyName = family,
            jobTitle = title,
            organisation = customer.id,
            emails = listOf(email),
        ),
    )
    val jana =
        contact("Jana", "Petersen", "Head of fleet", Email(address = "jana.petersen@nordwind.example", verified = true))
    val ole = contact("Ole", "Hansen", "Purchasing", Email(address = "o.hansen@nordwind.example", invalid = true))
    val mira = contact("Mira", "Scholz", "Warehouse", Email(address = "mira.scholz@nordwind.example"))

    val template = pipelines().template("New business")
    val pipeline = pipelines().createWithStages(template.pipeline, template.stages)
    fun stage(key: String) = pipeline.stages.first { it.key == key }
    fun deal(name: String, stage: String, contact: Person, amount: String, close: String, lostReason: String? = null) =
        deals().create(
            Deal(
                name = name,
                pipeline = pipeline.pipeline.id,
                stage = stage(stage).id,
                owner = nina.id,
                organisation = customer.id,
                person = contact.id,
                amount = Money(amount, "EUR"),
                expectedCloseDate = close,
                lostReason = lostReason,
            ),
        )
    val forklifts = deal("Forklifts for hall 3, 12 units", "negotiation", jana, "148500.00", "2026-12-04")
    deal("Maintenance 2027", "proposal", jana, "36900.00", "2026-12-18")
    deal("Racking, second building phase", "qualification", mira, "82250.50", "2027-02-26")
    val budget = lostReasons().create(LostReason(name = "Budget"))
    deal("Charging station, trial", "lost", ole, "5400.00", "2026-10-30", budget.id)

    val visit = meetings().create(
        Meeting(
            subject = "Forklifts for hall 3: sign the order",
            startsAt = "2026-11-21T13:00:00Z",
            endsAt = "2026-11-21T14:00:00Z",
            location = "Am Sandtorkai 4",
            about = "organisation:${customer.id}",
            person = jana.id,
            owner = nina.id,
        ),
    )
    tasks().create(Task(subject = "Bring the data sheet of the charger", dueDate = "2026-11-20", owner = nina.id))
    tasks().create(Task(subject = "Quote the maintenance for 2027", dueDate = "2026-11-23", owner = nina.id))
    Sample(nina, customer, jana, visit, forklifts, pipeline.pipeline.id, stage("won"))
}
