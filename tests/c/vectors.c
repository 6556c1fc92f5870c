/*
 * Runs the shared vectors through the C interface: vectors FOLDER...
 *
 * Every .json file below the folders has one case or an array of cases; tests/vectors/README.md has their format.
 * Prints each case that fails, and then how many passed.
 */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crm.h"

static int passed, failed;

/* The case that runs, for what is printed. */
static const char *current_file, *current_case;
static size_t current_step;

static void complain(const char *what, json_t *expected, json_t *given) {
  char *expected_text = json_dumps(expected, JSON_ENCODE_ANY), *given_text = json_dumps(given, JSON_ENCODE_ANY);
  fprintf(stderr, "%s: %s: step %zu: %s\n  expected %s\n  given    %s\n", current_file, current_case, current_step,
          what, expected_text ? expected_text : "nothing", given_text ? given_text : "nothing");
  free(expected_text);
  free(given_text);
}

/* Whether everything that is expected is given: objects may have more members, arrays have the same length. */
static bool holds(json_t *expected, json_t *given) {
  if (json_is_object(expected)) {
    const char *name;
    json_t *member;
    if (!json_is_object(given)) return false;
    json_object_foreach(expected, name, member) {
      json_t *found = json_object_get(given, name);
      /* What is expected to be null may be left out. */
      if (!found ? !json_is_null(member) : !holds(member, found)) return false;
    }
    return true;
  }
  if (json_is_array(expected)) {
    if (!json_is_array(given) || json_array_size(expected) != json_array_size(given)) return false;
    for (size_t i = 0; i < json_array_size(expected); i++)
      if (!holds(json_array_get(expected, i), json_array_get(given, i))) return false;
    return true;
  }
  if (json_is_integer(expected) && json_is_integer(given)) return json_equal(expected, given);
  if (json_is_number(expected) && json_is_number(given))
    return json_number_value(expected) == json_number_value(given);
  return json_equal(expected, given);
}

/* The value at a path such as `page.records[0].id` or `page.records.0.id`. Borrowed; NULL when there is none. */
static json_t *at_path(json_t *value, const char *path) {
  while (value && *path) {
    size_t length = strcspn(path, ".[]");
    if (length > 0) {
      if (json_is_array(value)) {
        value = json_array_get(value, strtoul(path, NULL, 10));
      } else {
        value = json_object_getn(value, path, length);
      }
    }
    path += length;
    while (*path && strchr(".[]", *path)) path++;
  }
  return value;
}

/* A copy in which {"$ref": "saved.id"} is replaced by what was saved. NULL when a reference leads nowhere. */
static json_t *resolved(json_t *value, json_t *saved) {
  if (json_is_object(value)) {
    json_t *reference = json_object_get(value, "$ref");
    if (json_is_string(reference) && json_object_size(value) == 1)
      return json_incref(at_path(saved, json_string_value(reference)));
    json_t *copy = json_object(), *member;
    const char *name;
    json_object_foreach(value, name, member) {
      json_t *inner = resolved(member, saved);
      if (!inner) {
        json_decref(copy);
        return NULL;
      }
      json_object_set_new(copy, name, inner);
    }
    return copy;
  }
  if (json_is_array(value)) {
    json_t *copy = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
      json_t *inner = resolved(json_array_get(value, i), saved);
      if (!inner) {
        json_decref(copy);
        return NULL;
      }
      json_array_append_new(copy, inner);
    }
    return copy;
  }
  return json_incref(value);
}

static json_t *parsed(crm_buffer *buffer) {
  json_t *value = buffer->data ? json_loadb((const char *)buffer->data, buffer->length, JSON_DECODE_ANY, NULL) : NULL;
  crm_buffer_free(buffer);
  return value;
}

/* Runs one step and compares its outcome. */
static bool run_step(crm_session_t session, json_t *step, json_t *saved) {
  const char *operation = json_string_value(json_object_get(step, "operation"));
  const char *name = json_string_value(json_object_get(step, "as"));
  json_t *input_form = json_object_get(step, "input");
  if (!operation) {
    complain("has no operation", NULL, step);
    return false;
  }
  json_t *input = input_form ? resolved(input_form, saved) : json_object();
  if (!input) {
    complain("a reference leads nowhere", input_form, saved);
    return false;
  }
  char *text = json_dumps(input, JSON_COMPACT | JSON_ENCODE_ANY);
  crm_buffer output = {NULL, 0, 0};
  int32_t status = crm_call(session, operation, strlen(operation), text, strlen(text), &output);
  free(text);
  json_decref(input);

  json_t *outcome = parsed(&output);
  json_t *expected_error = json_object_get(step, "error"), *expected_form = json_object_get(step, "expect");
  bool well = false;
  if (!outcome) {
    complain("the output is no JSON", NULL, NULL);
  } else if (expected_error) {
    well = status != CRM_STATUS_OK && json_integer_value(json_object_get(outcome, "status")) == status &&
           holds(expected_error, outcome);
    if (!well) complain("another error", expected_error, outcome);
  } else if (status != CRM_STATUS_OK) {
    complain("an error", expected_form, outcome);
  } else {
    json_t *expected = expected_form ? resolved(expected_form, saved) : NULL;
    well = !expected_form || (expected && holds(expected, outcome));
    if (!well) complain("another result", expected ? expected : expected_form, outcome);
    json_decref(expected);
    if (name) json_object_set(saved, name, outcome);
  }
  json_decref(outcome);
  return well;
}

/* Runs a case on a database of its own. */
static bool run_case(json_t *vector) {
  json_t *options = json_object_get(vector, "options"), *session_options = json_object_get(vector, "session");
  char *text = options ? json_dumps(options, 0) : NULL, *session_text = session_options ? json_dumps(session_options, 0) : NULL;
  crm_db_t database = 0;
  crm_session_t session = 0;
  crm_buffer error = {NULL, 0, 0};
  current_step = 0;
  bool well = crm_open(text, text ? strlen(text) : 0, &database, &error) == CRM_STATUS_OK &&
              crm_session_open(database, session_text, session_text ? strlen(session_text) : 0, &session, &error) ==
                  CRM_STATUS_OK;
  free(text);
  free(session_text);
  if (!well) {
    json_t *outcome = parsed(&error);
    complain("the database does not open", options, outcome);
    json_decref(outcome);
  }
  json_t *saved = json_object(), *steps = json_object_get(vector, "steps");
  if (json_array_size(steps) == 0) {
    complain("has no steps", NULL, vector);
    well = false;
  }
  for (size_t i = 0; well && i < json_array_size(steps); i++) {
    current_step = i + 1;
    well = run_step(session, json_array_get(steps, i), saved);
  }
  json_decref(saved);
  return crm_close(database, NULL) == CRM_STATUS_OK && well;
}

static void run_one(json_t *vector) {
  current_case = json_string_value(json_object_get(vector, "name"));
  if (!current_case) current_case = "(without a name)";
  if (run_case(vector)) passed++;
  else failed++;
}

static int visit(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status, (void)place;
  size_t length = strlen(path);
  if (kind != FTW_F || length < 5 || strcmp(path + length - 5, ".json") != 0) return 0;
  json_error_t error;
  json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  current_file = path;
  if (!file) {
    fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
    failed++;
    return 0;
  }
  if (json_is_array(file)) {
    for (size_t i = 0; i < json_array_size(file); i++) run_one(json_array_get(file, i));
  } else {
    run_one(file);
  }
  json_decref(file);
  return 0;
}

int main(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    if (nftw(arguments[i], visit, 16, FTW_PHYS) != 0) {
      fprintf(stderr, "%s cannot be read\n", arguments[i]);
      return 2;
    }
  }
  printf("%d passed, %d failed\n", passed, failed);
  return passed > 0 && failed == 0 ? 0 : 1;
}
