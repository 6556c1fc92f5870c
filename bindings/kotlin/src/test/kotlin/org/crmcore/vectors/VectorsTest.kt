package org.crmcore.vectors

import java.io.File
import java.util.Locale
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.crmcore.Crm
import org.crmcore.CrmException
import org.crmcore.CrmSession
import org.crmcore.code
import org.crmcore.details
import org.crmcore.kind
import org.crmcore.path
import org.crmcore.reason
import org.crmcore.status
import org.crmcore.uniffiEnsureInitialized
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Runs the cases that all languages share; tests/vectors/README.md has their format. */
class VectorsTest {
    private val folder = File(System.getProperty("crm.vectors"))

    @Test
    fun `the matcher matches what it should and nothing else`() {
        for (row in Json.parseToJsonElement(folder.resolve("matcher.json").readText()) as JsonArray) {
            val expected = (row as JsonObject).getValue("expect")
            val should = (row.getValue("matches") as JsonPrimitive).boolean
            assertEquals(should, matches(expected, row.getValue("got")), "$row")
        }
    }

    @Test
    fun `the shared vectors pass`() = runBlocking {
        uniffiEnsureInitialized()
        val files = folder.walk().filter { it.extension == "json" && it.name != "matcher.json" }.sorted()
        var passed = 0
        val failures = mutableListOf<String>()
        for (file in files) {
            val cases = (Json.parseToJsonElement(file.readText()) as JsonObject).getValue("cases") as JsonArray
            for (case in cases) {
                val run = Case(case as JsonObject)
                try {
                    run.run()
                    passed++
                } catch (failure: Throwable) {
                    failures += "${file.relativeTo(folder)}: ${case["name"]}: step ${run.step}: $failure"
                }
            }
        }
        failures.forEach(System.err::println)
        println("kotlin: $passed vectors passed")
        assertTrue(failures.isEmpty(), "${failures.size} vectors failed")
        assertTrue(passed > 0, "there are no vectors in $folder")
    }
}

private val DEFAULTS = Json.parseToJsonElement(
    """{"country": "DE", "zone": "Europe/Berlin", "clock": "2026-11-21T10:00:00Z",
        "seed": "0000000000000000000000000000000000000000000000000000000000000001",
        "key": "0000000000000000000000000000000000000000000000000000000000000002"}""",
) as JsonObject

private class Case(private val case: JsonObject) {
    var step: Int? = null
        private set
    private val saved = Saved()

    suspend fun run() {
        val options = JsonObject(DEFAULTS + (case["options"] as JsonObject? ?: emptyMap()))
        val crm = expecting(case["open_error"]) { Crm.openJson("$options") } ?: return
        crm.use {
            val first = expecting(case["session_error"]) { crm.sessionJson("${case["session"] ?: "{}"}") } ?: return
            var session = first
            (case.getValue("steps") as JsonArray).forEachIndexed { number, step ->
                this.step = number
                session = run(crm, session, step as JsonObject)
            }
        }
    }

    /** Runs a step and gives the session that is in use after it. */
    private suspend fun run(crm: Crm, session: CrmSession, step: JsonObject): CrmSession {
        step["session"]?.let { options ->
            return expecting(step["error"]) { crm.sessionJson("${saved.fill(options)}") } ?: session
        }
        val input = (step["text"] as JsonPrimitive?)?.content ?: step["input"]?.let { "${saved.fill(it)}" } ?: "{}"
        val name = (step.getValue("call") as JsonPrimitive).content
        val result = expecting(step["error"]) { Json.parseToJsonElement(session.call(name, input)) } ?: return session
        step["expect"]?.let { expected -> mustMatch(saved.fill(expected), result) }
        step["as"]?.let { saved[(it as JsonPrimitive).content] = result }
        return session
    }

    /** What a call gives; null when it failed as it should. */
    private suspend fun <T : Any> expecting(error: JsonElement?, call: suspend () -> T): T? {
        val given = try {
            call()
        } catch (failure: CrmException) {
            mustMatch(error ?: throw AssertionError("failed with ${asJson(failure)}"), asJson(failure))
            return null
        }
        check(error == null) { "$error was expected, but the call succeeded with $given" }
        return given
    }

    private fun mustMatch(expected: JsonElement, got: JsonElement) {
        check(matches(expected, got)) { "$expected was expected, but $got came" }
    }
}

private fun asJson(error: CrmException): JsonObject = buildJsonObject {
    put("code", error.code)
    put("kind", error.kind.name.lowercase(Locale.ROOT))
    put("status", error.status)
    put("path", error.path?.let(::JsonPrimitive) ?: JsonNull)
    put("reason", error.reason)
    put("details", Json.parseToJsonElement(error.details))
}
