package io.crmcore

/**
 * Who acts and for which purpose, for coroutines. Made by [Crm.session].
 *
 * ```
 * val page = session { deals().list(filter = "stage.stage_type = open", limit = 50u) }
 * ```
 */
public class CrmSession internal constructor(private val lane: Lane, private val session: Session) {
    /**
     * Runs calls on the dispatcher of the [Crm] and gives what the last of them gave. Several calls in one block cost one
     * change of threads; each is a transaction of its own.
     *
     * When the coroutine is cancelled, the call that runs is interrupted and changes nothing; what earlier calls of the block
     * committed stays.
     */
    public suspend operator fun <T> invoke(work: Session.() -> T): T = lane.run { session.work() }

    /**
     * Runs an operation by its name, such as `person.create` or `x_asset.list`, with the text of a JSON object; gives the text
     * of its result. For records of custom types, and for hosts that hold JSON.
     */
    public suspend fun call(operation: String, input: String = "{}"): String = lane.run { session.call(operation, input) }

    /**
     * The same session, whose imports and exports tell [listener] what is done, the text of an object with counts such as
     * `{"records": 500}`. The listener runs on the dispatcher and must not call the database; `false` stops the operation.
     */
    public fun withProgress(listener: (String) -> Boolean): CrmSession {
        val told = object : ProgressListener {
            override fun onProgress(done: String): Boolean = listener(done)
        }
        return CrmSession(lane, session.withProgress(told))
    }
}
