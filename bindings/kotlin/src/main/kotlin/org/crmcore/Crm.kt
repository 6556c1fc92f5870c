package org.crmcore

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * An open database for coroutines: every call runs on a dispatcher, and cancelling its coroutine stops it.
 *
 * ```
 * Crm.open(OpenOptions(path = "customers.db", country = "DE")).use { crm ->
 *     val session = crm.session()
 *     val ada = session { people().create(Person(givenName = "Ada", familyName = "Lovelace")) }
 * }
 * ```
 *
 * The calls of one `Crm` run one after another. A host that exports for minutes and reads meanwhile opens the same file twice.
 * [Database] and [Session] are the same without coroutines, for hosts that have threads of their own.
 *
 * Every call may throw a [CrmException]; after [close] it has the kind [Kind.CLOSED].
 */
public class Crm private constructor(
    private val database: Database,
    private val dispatcher: CoroutineDispatcher,
) : AutoCloseable {
    private val lane = Lane(dispatcher, database::interrupt)
    private val streams: MutableSet<Events> = ConcurrentHashMap.newKeySet()
    private val closed = AtomicBoolean()

    /**
     * Begins a session.
     *
     * @param actor who acts: `system`, or `user:` and the identifier of a user; the system when nothing is said.
     * @param purpose the key of the purpose; `customer_relationship_management` when nothing is said.
     * @param specialCategories the ground of GDPR Article 9(2) on which the session reads special categories, for example
     *   `explicit_consent`; it does not when nothing is said.
     * @throws CrmException `actor.invalid`, `purpose.unknown`, `purpose.inactive`, `select.unknown`, `user.unknown`.
     */
    public suspend fun session(
        actor: String? = null,
        purpose: String? = null,
        specialCategories: String? = null,
    ): CrmSession = CrmSession(lane, lane.run { database.session(actor, purpose, specialCategories) })

    /** As [session], from the text of a JSON object with the members `actor`, `purpose` and `special_categories`. */
    public suspend fun sessionJson(options: String): CrmSession =
        CrmSession(lane, lane.run { database.sessionJson(options) })

    /**
     * What is committed through this `Crm`, from the moment at which the flow is collected until [close]. Commits that follow
     * each other while nobody fetches them come as one. What was before, and what other processes write, is read with
     * `session { journal().feed(…) }`.
     *
     * Each collector holds a thread of [Dispatchers.IO] while it waits.
     */
    public fun commits(): Flow<Commit> = flow {
        val events = database.events()
        streams.add(events)
        if (closed.get()) events.stop()
        try {
            while (true) {
                val commit = blocking(Dispatchers.IO, events::stop) { events.next(WAIT_MS) }
                if (commit != null) emit(commit) else if (events.isOver()) break
            }
        } finally {
            streams.remove(events)
            events.stop()
            events.close()
        }
    }

    /** Copies the database into a new file while it is in use. */
    public suspend fun backup(path: String): Unit = lane.run { database.backup(path) }

    /** The bytes of the database, as its file has them. */
    public suspend fun exportBytes(): ByteArray = lane.run { database.exportBytes() }

    /** Checks the file and its links. Gives the findings; none when it is sound. */
    public suspend fun integrityCheck(): List<String> = lane.run { database.integrityCheck() }

    /** Stops the call that runs now; it fails with the kind [Kind.INTERRUPTED]. Cancelling its coroutine does so, too. */
    public fun interrupt(): Unit = database.interrupt()

    /**
     * Closes the database and ends the flows of commits. A call that runs is waited for, then interrupted, so this may block
     * for some seconds: keep it off the main thread. A second close does nothing.
     */
    override fun close() {
        if (!closed.compareAndSet(false, true)) return
        streams.forEach(Events::stop)
        database.shutdown()
    }

    public companion object {
        private const val WAIT_MS = 60_000u

        /**
         * Opens a database; a file that is not there is created.
         *
         * @param dispatcher where calls run; they block its threads.
         */
        public suspend fun open(
            options: OpenOptions = OpenOptions(),
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
        ): Crm = opened(dispatcher) { Database.open(options) }

        /** As [open], from the text of a JSON object with the members of [OpenOptions] in snake case. */
        public suspend fun openJson(options: String, dispatcher: CoroutineDispatcher = Dispatchers.IO): Crm =
            opened(dispatcher) { Database.openJson(options) }

        /** Opens a copy in memory of a database whose file has these bytes. */
        public suspend fun openBytes(
            bytes: ByteArray,
            options: OpenOptions = OpenOptions(),
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
        ): Crm = opened(dispatcher) { Database.openBytes(bytes, options) }

        private suspend fun opened(dispatcher: CoroutineDispatcher, open: () -> Database): Crm {
            // Opening cannot be interrupted: a cancelled caller waits for it, and what was opened is closed again.
            var opened: Database? = null
            try {
                return Crm(blocking(dispatcher, stop = {}) { open().also { opened = it } }, dispatcher)
            } catch (error: Throwable) {
                opened?.shutdown()
                throw error
            }
        }
    }
}
