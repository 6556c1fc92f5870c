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
            call("pipeline.create_with_stages", call("pipeline.template", """{"name": "New business"}"""))
            val stage = stages().list(filter = "stage_type = \"open\"").records.first()
            assertEquals(StageType.OPEN, stage.stageType)
            deals().create(
                Deal(
                    name = "Forklifts",
                    pipeline = stage.pipeline,
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

    @Test
    fun `special categories are read with a gate only`() = onMemory { crm ->
        val session = crm.session()
        val ada = session {
            call("custom_field.create", """{"record_type": "person", "name": "x_diet", "kind": "text", "category": "health"}""")
            people().create(Person(givenName = "Ada", custom = mapOf("x_diet" to "\"no nuts\"")))
        }
        assertEquals(emptyMap<String, String>(), ada.custom)
        assertEquals(listOf(Redaction("x_diet", "special_category.gate")), ada.redactions)
        val gated = crm.session(specialCategories = "explicit_consent").invoke { people().get(ada.id) }
        assertEquals(mapOf("x_diet" to "\"no nuts\""), gated.custom)
        assertEquals(emptyList<Redaction>(), gated.redactions)
        val wrong = failure { crm.session(specialCategories = "nonsense") }
        assertEquals("special_categories", wrong.path)
    }
}
