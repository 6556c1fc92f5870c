package org.crmcore

import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ErrorsTest {
    @Test
    fun `an error names its code, kind, path and reason, and no value`() = onMemory { crm ->
        val session = crm.session()
        val wrong = failure {
            session { people().create(Person(givenName = "Ada", emails = listOf(Email(address = "no address")))) }
        }
        assertEquals(Kind.INVALID, wrong.kind)
        assertEquals("emails[0].address", wrong.path)
        assertTrue(wrong.code.isNotEmpty())
        assertTrue(wrong.reason.isNotEmpty())
        assertFalse(wrong.reason.contains("no address"), wrong.reason)
        assertTrue(wrong.details.startsWith("{"), wrong.details)
        assertEquals(0uL, session { people().count() })
    }

    @Test
    fun `a record that is not there is not found`() = onMemory { crm ->
        val session = crm.session()
        val missing = failure { session { people().get("01939a2e-0000-7000-8000-000000000000") } }
        assertEquals(Kind.NOT_FOUND, missing.kind)
        assertEquals("record.not_found", missing.code)
    }

    @Test
    fun `input that is no JSON is an error`() = onMemory { crm ->
        val session = crm.session()
        assertEquals("input.json", failure { session.call("person.create", "{") }.code)
        assertEquals(Kind.INVALID, failure { session.call("person.fly") }.kind)
    }

    @Test
    fun `options that are not known are an error`() = onMemory { crm ->
        assertEquals(Kind.INVALID, failure { Crm.openJson("""{"colour": "red"}""") }.kind)
        assertEquals("country", failure { Crm.open(OpenOptions(country = "XX")) }.path)
        assertEquals("actor", failure { crm.session(actor = "nobody") }.path)
    }

    @Test
    fun `options of privacy are checked, each by its path`() = onMemory { _ ->
        val seat = OpenOptions(controller = ControllerOptions(seat = "nowhere"))
        assertEquals("controller.seat", failure { Crm.open(seat) }.path)
        assertEquals("regimes[1]", failure { Crm.open(OpenOptions(regimes = listOf("eu", "moon"))) }.path)
        val caps = listOf(ContactCapOptions(contacts = 1u, hours = 721u))
        assertEquals("contact_caps[0].hours", failure { Crm.open(OpenOptions(contactCaps = caps)) }.path)
    }

    @Test
    fun `after closing every call fails with the kind closed`() = onMemory { crm ->
        val session = crm.session()
        crm.close()
        crm.close()
        assertEquals(Kind.CLOSED, failure { session { people().count() } }.kind)
        assertEquals(Kind.CLOSED, failure { crm.exportBytes() }.kind)
        assertEquals(emptyList<Commit>(), crm.commits().toList())
    }
}
