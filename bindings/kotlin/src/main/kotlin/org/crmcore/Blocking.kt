package org.crmcore

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/** An interrupt reaches only a statement that runs, so it is repeated until the work has ended. */
private const val STOP_AGAIN_MS = 2L

/**
 * Runs work that blocks its thread on a dispatcher. When the caller is cancelled, [stop] ends the work, and the cancellation
 * goes on only after it has: nothing of a cancelled call runs behind the caller's back.
 */
internal suspend fun <T> blocking(dispatcher: CoroutineDispatcher, stop: () -> Unit, work: () -> T): T {
    // Not a child of the caller: a child that fails would cancel its parent before the error is seen.
    val running = CoroutineScope(dispatcher).async { work() }
    try {
        return running.await()
    } catch (cancelled: CancellationException) {
        withContext(NonCancellable) {
            running.cancel()
            while (!running.isCompleted) {
                stop()
                withTimeoutOrNull(STOP_AGAIN_MS) { running.join() }
            }
        }
        throw cancelled
    }
}

/**
 * Runs work on a database, one piece after another, in the order of arrival. An interrupt stops whatever runs in a database,
 * so only with one piece at a time does a cancelled call stop itself and no other.
 */
internal class Lane(private val dispatcher: CoroutineDispatcher, private val interrupt: () -> Unit) {
    private val turn = Mutex()

    suspend fun <T> run(work: () -> T): T = turn.withLock { blocking(dispatcher, interrupt, work) }
}
