package org.crmcore

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class RecordsTest {
    @Test
    fun `a record comes back as it was stored`() = onMemory { crm ->
        val session = crm.session()
        val ada = session {
            people().create(
                Person(givenName = "Ada", familyName = "Lovelace", emails = listOf(Email(address = "ada@example.org"))),
            )
        }
        assertEquals(36, ada.id.length)
        assertEquals(1, ada.version)
        assertTrue(ada.createdAt.startsWith("2026-11-21T10:00:00"), ada.createdAt)
        assertEquals(ada, session { people().get(ada.id) })
    }

    @Test
    fun `an update needs the version that is stored`() = onMemory { crm ->
        val session = crm.session()
        val first = session { people().create(Person(givenName = "Ada")) }
        val second = session { people().update(first.copy(familyName = "King", custom = emptyMap())) }
        assertEquals(2, second.version)
        val stale = failure { session { people().update(first.copy(familyName = "Byron")) } }
        assertEquals(Kind.CONFLICT, stale.kind)
    }

    @Test
    fun `a patch clears with null and leaves the rest`() = onMemory { crm ->
        val session = crm.session()
        val ada = session { people().create(Person(givenName = "Ada", familyName = "Lovelace")) }
        val patched = session { people().patch(ada.id, """{"family_name": null}""") }
        assertEquals("Ada", patched.givenName)
        assertNull(patched.familyName)
    }

    @Test
    fun `lists go on by cursor`() = onMemory { crm ->
        val session = crm.session()
        session { for (number in 1..5) organisations().create(Organisation(name = "Firm $number")) }
        val first = session { organisations().list(sort = listOf("name"), limit = 3u) }
        val rest = session { organisations().list(sort = listOf("name"), limit = 3u, cursor = first.next) }
        assertEquals((1..5).map { "Firm $it" }, (first.records + rest.records).map { it.name })
        assertNull(rest.next)
        assertEquals(1uL, session { organisations().count(filter = "name = \"Firm 2\"") })
    }

    @Test
    fun `money is exact, and enumerations are enumerations`() = onMemory { crm ->
        val session = crm.session()
        val deal = session {
            val template = pipelines().template("New business")
            val made = pipelines().createWithStages(template.pipeline, template.stages)
            val stage = made.stages.first { it.stageType == StageType.OPEN }
            deals().create(
                Deal(
                    name = "Forklifts",
                    pipeline = made.pipeline.id,
                    stage = stage.id,
                    amount = Money(amount = "148500.05", currency = "EUR"),
                ),
            )
        }
        assertEquals(Money("148500.05", "EUR"), session { deals().get(deal.id) }.amount)
    }

    @Test
    fun `every operation can be called by its name`() = onMemory { crm ->
        val session = crm.session()
        val answer = session.call("person.create", """{"given_name": "Grace"}""")
        assertTrue(answer.contains("\"given_name\":\"Grace\""), answer)
        assertEquals("1", session.call("person.count"))
    }

    @Test
    fun `bytes go out and come in`() = onMemory { crm ->
        crm.session().invoke { people().create(Person(givenName = "Ada")) }
        Crm.openBytes(crm.exportBytes(), REPEATABLE).use { copy ->
            assertEquals(1uL, copy.session().invoke { people().count() })
            assertEquals(emptyList<String>(), copy.integrityCheck())
        }
    }
}
