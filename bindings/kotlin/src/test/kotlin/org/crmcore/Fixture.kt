package org.crmcore

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.fail

/** The options under which every run gives the same results. */
val REPEATABLE = OpenOptions(
    country = "DE",
    zone = "Europe/Berlin",
    clock = "2026-11-21T10:00:00Z",
    seed = "%064d".format(1),
    key = "%064d".format(2),
)

/** Runs a test on a database in memory. */
fun onMemory(test: suspend (Crm) -> Unit): Unit = runBlocking {
    // Bindings that were made from another library are found here, and not by a crash later.
    uniffiEnsureInitialized()
    Crm.open(REPEATABLE).use { test(it) }
}

/** The error of a call that must fail. */
suspend fun failure(call: suspend () -> Unit): CrmException {
    try {
        call()
    } catch (error: CrmException) {
        return error
    }
    return fail("the call succeeded")
}
