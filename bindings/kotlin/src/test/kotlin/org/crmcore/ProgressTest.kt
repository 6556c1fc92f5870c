package org.crmcore

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Test

private val MAPPING =
    ImportMapping(recordType = "person", columns = listOf(ImportColumn(column = "name", field = "family_name")))
private val ROWS = "name\n" + (1..3000).joinToString("") { "P$it\n" }

class ProgressTest {
    @Test
    fun `an import tells how far it is`() = onMemory { crm ->
        val told = mutableListOf<String>()
        val session = crm.session().withProgress { told.add(it) }
        val report = session { imports().csv(ROWS, MAPPING) }
        assertEquals(3000uL, report.total.created)
        assertTrue(told.isNotEmpty() && told.all { it.startsWith("{") }, "$told")
    }

    @Test
    fun `a listener stops an import, which changes nothing`() = onMemory { crm ->
        val session = crm.session()
        val stopped = failure { session.withProgress { false }.invoke { imports().csv(ROWS, MAPPING) } }
        assertEquals(Kind.INTERRUPTED, stopped.kind)
        assertEquals(0uL, session { people().count() })
    }

    @Test
    fun `what a listener throws comes out of the call`() = onMemory { crm ->
        val session = crm.session()
        try {
            session.withProgress { throw NoSuchElementException("mine") }.invoke { imports().csv(ROWS, MAPPING) }
            fail("the import was not stopped")
        } catch (mine: NoSuchElementException) {
            assertEquals("mine", mine.message)
        }
        assertEquals(0uL, session { people().count() })
    }
}
