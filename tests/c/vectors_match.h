/* Filling in and matching, as tests/vectors/README.md defines them. */
#ifndef CRM_TESTS_VECTORS_MATCH_H
#define CRM_TESTS_VECTORS_MATCH_H

#include <jansson.h>
#include <stdbool.h>

/* A copy of a value in which references, joins and repetitions are filled in. NULL when a reference leads nowhere. */
json_t *filled(json_t *value, json_t *saved);

/* Whether a result is what is expected. What is missing is NULL, and counts as null. */
bool matches(json_t *expected, json_t *got);

#endif
