package org.crmcore.vectors

import java.math.BigDecimal
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.int

/** Whether what came is what was expected, by the table in tests/vectors/README.md. */
fun matches(expected: JsonElement, got: JsonElement): Boolean = when (expected) {
    is JsonNull -> got is JsonNull
    is JsonPrimitive -> got is JsonPrimitive && got !is JsonNull && same(expected, got)
    is JsonArray ->
        got is JsonArray && got.size == expected.size && expected.indices.all { matches(expected[it], got[it]) }
    is JsonObject -> matchesObject(expected, got)
}

private fun matchesObject(expected: JsonObject, got: JsonElement): Boolean {
    val (name, argument) = expected.entries.singleOrNull()?.toPair() ?: ("" to JsonNull)
    return when (name) {
        "\$any" -> got !is JsonNull
        "\$absent" -> got is JsonNull
        "\$type" -> typeOf(got) == (argument as JsonPrimitive).content
        "\$length" -> lengthOf(got) == (argument as JsonPrimitive).int
        "\$contains" -> got is JsonArray && got.any { matches(argument, it) }
        else -> got is JsonObject && expected.all { (member, value) -> matches(value, got[member] ?: JsonNull) }
    }
}

private fun same(expected: JsonPrimitive, got: JsonPrimitive): Boolean = when {
    typeOf(expected) != typeOf(got) -> false
    typeOf(expected) == "number" -> BigDecimal(expected.content).compareTo(BigDecimal(got.content)) == 0
    else -> expected.content == got.content
}

private fun typeOf(value: JsonElement): String = when (value) {
    is JsonNull -> "null"
    is JsonObject -> "object"
    is JsonArray -> "array"
    is JsonPrimitive -> when {
        value.isString -> "string"
        value.booleanOrNull != null -> "boolean"
        else -> "number"
    }
}

/** How many items a list has, or code points a text. */
private fun lengthOf(value: JsonElement): Int? = when {
    value is JsonArray -> value.size
    value is JsonPrimitive && value.isString -> value.content.codePointCount(0, value.content.length)
    else -> null
}
