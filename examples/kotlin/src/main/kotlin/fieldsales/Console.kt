package fieldsales

import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.util.Locale
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.crmcore.AgendaBucket
import org.crmcore.CrmSession
import org.crmcore.Measure
import org.crmcore.MeasureKind
import org.crmcore.Money

private val ZONE = ZoneId.of("Europe/Berlin")
private val DAY = DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH)
private val RULE = "─".repeat(95)

/** What is shown. Every list is a filter or a query of the engine; nothing is summed in floating point here. */
class Console(private val session: CrmSession) {
    fun showHeader(sample: Sample) {
        val address = sample.customer.addresses.first()
        println("Field sales · ${sample.nina.name} · offline")
        println(
            "Today: ${sample.customer.name} · ${address.street}, ${address.postalCode} ${address.locality} · " +
                "${sample.customer.phones.first().number}\n$RULE",
        )
    }

    suspend fun showAgenda(sample: Sample) {
        val agenda = session { agenda().list(user = sample.nina.id) }
        println("%-16s %-17s %s".format("Agenda", "When", "What"))
        for (item in agenda.records) {
            val bucket = when (item.bucket) {
                AgendaBucket.OVERDUE -> "! overdue"
                AgendaBucket.TODAY -> "today"
                AgendaBucket.UPCOMING -> "to come"
            }
            println("%-16s %-17s %s".format(bucket, DAY.format(Instant.parse(item.at).atZone(ZONE)), item.title))
        }
        println(RULE)
    }

    suspend fun showDealsNear(locality: String) {
        val near = session {
            organisations().list(limit = 1000u).records.filter { it.addresses.any { at -> at.locality == locality } }
        }
        // Filters reach through links; a value in double quotes is the same for every type.
        val filter = near.joinToString(" or ", "stage.stage_type = \"open\" and (", ")") { "organisation = \"${it.id}\"" }
        println("%-32s %-15s %-16s %-10s %18s".format("Open deals in $locality", "Stage", "Contact", "Close", "Amount"))
        session {
            for (deal in deals().list(filter = filter, sort = listOf("expected_close_date"), limit = 100u).records) {
                val contact = people().get(deal.person.orEmpty())
                val name = "${contact.givenName} ${contact.familyName}"
                val stage = stages().get(deal.stage).name
                val close = deal.expectedCloseDate
                println("%-32s %-15s %-16s %-10s %18s".format(deal.name, stage, name, close, money(deal.amount)))
            }
        }
        val sums = session {
            deals().group(
                filter = filter,
                measures = listOf(
                    Measure(MeasureKind.COUNT),
                    Measure(MeasureKind.SUM, of = "amount"),
                    Measure(MeasureKind.WEIGHTED, of = "amount", weight = "stage.probability"),
                ),
            )
        }.rows.first().measures
        println("%-76s %18s".format("Sum of ${sums[0]} deals", money(moneyOf(sums[1]))))
        println("%-76s %18s\n$RULE".format("Weighted by the probability of their stages", money(moneyOf(sums[2]))))
    }

    suspend fun showBoard(sample: Sample) {
        println("%-51s %5s %18s %18s".format("Board", "Deals", "Sum", "Weighted"))
        for (column in session { pipelines().board(sample.pipeline) }.columns) {
            val sum = money(column.amounts.firstOrNull())
            val weighted = money(column.weighted.firstOrNull())
            println("%-51s %5s %18s %18s".format(column.name, column.count, sum, weighted))
        }
        println(RULE)
    }

    suspend fun showWhatIsKept(sample: Sample) {
        val about = session { notes().list(filter = "organisation = \"${sample.customer.id}\"") }.records.single()
        val open = session { tasks().count(filter = "status != \"completed\"") }
        val entries = session { journal().head() }.size
        println("In the file: ${session { deals().count() }} deals, $open open tasks, $entries entries of the journal, and a note:")
        println("  ${about.body}")
    }
}

private fun moneyOf(text: String): Money? = (Json.parseToJsonElement(text) as? JsonObject)?.let {
    Money(it.getValue("amount").jsonPrimitive.content, it.getValue("currency").jsonPrimitive.content)
}

/** An amount such as `148500.00 EUR` with its thousands apart. */
private fun money(money: Money?): String {
    val (whole, cents) = (money?.amount ?: "0.00").split('.')
    val apart = whole.reversed().chunked(3).joinToString(" ").reversed()
    return "$apart.$cents ${money?.currency ?: "EUR"}"
}
