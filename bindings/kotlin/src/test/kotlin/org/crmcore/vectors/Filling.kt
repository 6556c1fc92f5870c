package org.crmcore.vectors

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.int

/** The results that a case has saved, and what stands for them. */
class Saved {
    private val results = mutableMapOf<String, JsonElement>()

    operator fun set(name: String, result: JsonElement) {
        results[name] = result
    }

    /** Puts what they stand for in the place of references, joins and repetitions. */
    fun fill(value: JsonElement): JsonElement = when (value) {
        is JsonArray -> JsonArray(value.map(::fill))
        is JsonObject -> {
            val (name, argument) = value.entries.singleOrNull()?.toPair() ?: ("" to JsonNull)
            when (name) {
                "\$ref" -> find((argument as JsonPrimitive).content)
                "\$join" -> JsonPrimitive((argument as JsonArray).joinToString("") { text(fill(it)) })
                "\$repeat" -> {
                    val (part, times) = argument as JsonArray
                    JsonPrimitive(text(part).repeat((times as JsonPrimitive).int))
                }
                else -> JsonObject(value.mapValues { (_, member) -> fill(member) })
            }
        }
        else -> value
    }

    private fun find(path: String): JsonElement {
        val steps = path.split('.')
        val start = results[steps.first()] ?: error("nothing is saved as ${steps.first()}")
        return steps.drop(1).fold(start) { value, step ->
            val next = when (value) {
                is JsonObject -> value[step]
                is JsonArray -> value.getOrNull(step.toInt())
                else -> null
            }
            next ?: error("there is nothing at $path")
        }
    }

    private fun text(value: JsonElement): String {
        check(value is JsonPrimitive && value.isString) { "only texts are joined and repeated" }
        return value.content
    }
}
