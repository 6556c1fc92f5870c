package org.crmcore

import java.util.concurrent.atomic.AtomicReference

/**
 * Who acts and for which purpose, for coroutines. Made by [Crm.session].
 *
 * ```
 * val page = session { deals().list(filter = "stage.stage_type = open", limit = 50u) }
 * ```
 */
public class CrmSession internal constructor(
    private val lane: Lane,
    private val session: Session,
    private val listener: Listener? = null,
) {
    /**
     * Runs calls on the dispatcher of the [Crm] and gives what the last of them gave. Several calls in one block cost one
     * change of threads; each is a transaction of its own.
     *
     * When the coroutine is cancelled, the call that runs is interrupted and changes nothing; what earlier calls of the block
     * committed stays.
     */
    public suspend operator fun <T> invoke(work: Session.() -> T): T = lane.run {
        try {
            session.work()
        } catch (error: CrmException) {
            throw listener?.takeFailure() ?: error
        }
    }

    /**
     * Runs an operation by its name, such as `person.create` or `x_asset.list`, with the text of a JSON object; gives the text
     * of its result. For records of custom types, and for hosts that hold JSON.
     */
    public suspend fun call(operation: String, input: String = "{}"): String = invoke { call(operation, input) }

    /**
     * The same session, whose imports and exports tell [onProgress] what is done, the text of an object with counts such as
     * `{"records": 500}`. It runs on the dispatcher and must not call the database. `false` stops the operation; what it throws
     * stops it, too, and comes out of the call.
     */
    public fun withProgress(onProgress: (String) -> Boolean): CrmSession {
        val listener = Listener(onProgress)
        return CrmSession(lane, session.withProgress(listener), listener)
    }
}

/** Hears of progress, and keeps what the host throws: only errors of the engine pass through it. */
internal class Listener(private val told: (String) -> Boolean) : ProgressListener {
    private val failure = AtomicReference<Throwable?>()

    override fun onProgress(done: String): Boolean = try {
        told(done)
    } catch (error: Throwable) {
        failure.set(error)
        false
    }

    fun takeFailure(): Throwable? = failure.getAndSet(null)
}
