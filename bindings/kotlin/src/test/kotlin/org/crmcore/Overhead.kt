package org.crmcore

import kotlinx.coroutines.runBlocking

private const val ROUNDS = 100

/** The virtual machine compiles what runs often, beside the program; what calls cost before is not what an app pays. */
private const val WARM_UP_NS = 2_000_000_000L

/**
 * What calls cost: prints `operation microseconds` for each, the tenth of the rounds that is quickest, so that what else the
 * machine does is not in it. `tests/overhead/run` compares with C.
 */
fun main() {
    uniffiEnsureInitialized()
    Database.open(OpenOptions()).use { database ->
        val session = database.session()
        for (number in 0 until 500) {
            val email = Email(address = "ada$number@example.com")
            session.people().create(
                Person(givenName = "Ada", familyName = "Lovelace $number", emails = listOf(email), tags = listOf("analyst")),
            )
        }
        val people = session.people()
        val id = people.list(limit = 1u).records.single().id
        measure("person.get", 50) { people.get(id) }
        measure("person.count", 50) { people.count() }
        measure("person.list.50", 5) { check(people.list(limit = 50u).records.size == 50) }
        measure("person.list.500", 1) { check(people.list(limit = 500u).records.size == 500) }
        measure("text.person.list.500", 1) { session.call("person.list", """{"limit": 500}""") }
    }
    runBlocking {
        Crm.open().use { crm ->
            val session = crm.session()
            val id = session { people().create(Person(givenName = "Ada")) }.id
            measure("suspend.person.get", 50) { session { people().get(id) } }
        }
    }
}

private inline fun measure(name: String, calls: Int, call: () -> Unit) {
    val started = System.nanoTime()
    while (System.nanoTime() - started < WARM_UP_NS) call()
    val rounds = DoubleArray(ROUNDS) {
        val begin = System.nanoTime()
        repeat(calls) { call() }
        (System.nanoTime() - begin) / 1e3 / calls
    }
    println("$name %.2f".format(java.util.Locale.ROOT, rounds.sorted()[ROUNDS / 10]))
}
