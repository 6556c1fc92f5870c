/*
 * The console of somebody who sells in the field, with the CRM inside: what is on today, who is near, what was agreed.
 * There is no server; everything is in one file on the device.
 *
 *   field-sales [FILE]      FILE is the database, made when it does not exist; field_sales.db otherwise
 */
package fieldsales

import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking
import org.crmcore.Crm
import org.crmcore.CrmException
import org.crmcore.OpenOptions
import org.crmcore.code
import org.crmcore.path
import org.crmcore.reason

fun main(arguments: Array<String>) = runBlocking {
    val file = arguments.firstOrNull() ?: "field_sales.db"
    // A real app leaves the clock out; here it stands still, so that the console looks the same every day.
    val options =
        OpenOptions(path = file, country = "DE", zone = "Europe/Berlin", clock = "2026-11-21T09:00:00Z")
    try {
        val sample = Crm.open(options).use { crm -> workTheDay(crm) }
        // Tomorrow the app starts again, and finds what it wrote.
        Crm.open(options).use { crm -> Console(crm.session()).showWhatIsKept(sample) }
    } catch (error: CrmException) {
        System.err.println("${error.path?.let { "$it: " } ?: ""}${error.reason} (${error.code})")
        exitProcess(1)
    }
}

private suspend fun workTheDay(crm: Crm): Sample {
    val everybody = crm.session()
    if (everybody { organisations().count() } > 0u) {
        System.err.println("The database has customers already; the example begins with an empty one.")
        exitProcess(2)
    }
    val sample = loadSample(everybody)
    // From here on Nina acts, and the journal says so.
    val nina = crm.session(actor = "user:${sample.nina.id}")
    val console = Console(nina)

    console.showHeader(sample)
    console.showAgenda(sample)
    console.showDealsNear("Hamburg")

    println("\nThe visit is recorded, and the order wins its deal.\n")
    recordVisit(nina, sample)
    nina { deals().moveTo(deal = sample.forklifts.id, stage = sample.won.id) }

    console.showAgenda(sample)
    console.showDealsNear("Hamburg")
    console.showBoard(sample)
    return sample
}
