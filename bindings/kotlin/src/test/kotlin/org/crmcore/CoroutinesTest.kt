package org.crmcore

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class CoroutinesTest {
    @Test
    fun `work leaves the thread of the caller`() = onMemory { crm ->
        val caller = Thread.currentThread().name
        val worker = crm.session().invoke { people().count().let { Thread.currentThread().name } }
        assertNotEquals(caller, worker)
    }

    @Test
    fun `many coroutines share a session`() = onMemory { crm ->
        val session = crm.session()
        coroutineScope {
            (1..50).map { number -> async(Dispatchers.Default) { session { people().create(Person(givenName = "P$number")) } } }
                .awaitAll()
        }
        assertEquals(50uL, session { people().count() })
    }

    @Test
    fun `a cancelled call stops and changes nothing`() = onMemory { crm ->
        val session = crm.session()
        val crowd = (1..20_000).map { Person(givenName = "Given $it", familyName = "Family $it") }
        val started = System.nanoTime()
        coroutineScope {
            val job = launch(Dispatchers.Default) {
                try {
                    session { people().createAll(crowd) }
                    error("the call was not cancelled")
                } catch (cancelled: CancellationException) {
                    throw cancelled
                }
            }
            delay(300.milliseconds)
            job.cancel()
            job.join()
            assertTrue(job.isCancelled)
        }
        val cancelledAfter = System.nanoTime() - started
        assertEquals(0uL, session { people().count() }, "after ${cancelledAfter / 1_000_000} ms")
    }

    @Test
    fun `whoever waits for a turn is cancelled without disturbing the call that runs`() = onMemory { crm ->
        val session = crm.session()
        val crowd = (1..500).map { Person(givenName = "Given $it") }
        coroutineScope {
            val running = async(Dispatchers.Default) { session { people().createAll(crowd) } }
            while (!running.isActive) yield()
            delay(20.milliseconds)
            val waiting = launch(Dispatchers.Default) { session { people().count() } }
            delay(20.milliseconds)
            waiting.cancel()
            waiting.join()
            assertEquals(500, running.await().size)
        }
    }

    @Test
    fun `commits come as a flow, which ends with the database`() = onMemory { crm ->
        val session = crm.session()
        coroutineScope {
            val seen = async(Dispatchers.Default, CoroutineStart.UNDISPATCHED) { crm.commits().take(1).toList() }
            session { people().create(Person(givenName = "Ada")) }
            val commit = withTimeout(30.seconds) { seen.await() }.single()
            assertTrue(commit.first in 0uL..commit.last)

            val all = async(Dispatchers.Default, CoroutineStart.UNDISPATCHED) { crm.commits().toList() }
            session { people().create(Person(givenName = "Grace")) }
            crm.close()
            val rest = withTimeout(30.seconds) { all.await() }
            assertTrue(rest.last().last > commit.last)
        }
    }

    @Test
    fun `a collector that is cancelled lets go at once`() = onMemory { crm ->
        val started = System.nanoTime()
        coroutineScope {
            val waiting = launch(Dispatchers.Default) { crm.commits().first() }
            delay(100.milliseconds)
            waiting.cancel()
            waiting.join()
        }
        assertTrue(System.nanoTime() - started < 10.seconds.inWholeNanoseconds)
    }

    @Test
    fun `the handles of UniFFI can be used without coroutines`() {
        Database.open(REPEATABLE).use { database ->
            database.session().use { session -> assertEquals(0uL, session.people().count()) }
            database.shutdown()
            assertThrows(CrmException::class.java) { database.session() }
        }
    }
}
