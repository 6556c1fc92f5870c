/*
 * Runs the shared vectors through the C interface: vectors FOLDER
 *
 * FOLDER/README.md has their format. Prints each case that fails, and then how many passed.
 */
#define _XOPEN_SOURCE 700
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crm.h"
#include "vectors_match.h"

/* What every database is opened with, unless its case says otherwise. */
static const char *DEFAULTS =
    "{\"country\": \"DE\", \"zone\": \"Europe/Berlin\", \"clock\": \"2026-11-21T10:00:00Z\","
    "\"seed\": \"0000000000000000000000000000000000000000000000000000000000000001\","
    "\"key\": \"0000000000000000000000000000000000000000000000000000000000000002\"}";

/* A case while it runs. */
typedef struct vector {
  const char *file, *name;
  crm_db_t database;
  crm_session_t session;
  json_t *saved;
  size_t step;
} vector;

static bool complain(const vector *vector, const char *what, json_t *expected, json_t *got) {
  char *expected_text = expected ? json_dumps(expected, JSON_ENCODE_ANY) : NULL;
  char *got_text = got ? json_dumps(got, JSON_ENCODE_ANY) : NULL;
  fprintf(stderr, "%s: %s: step %zu: %s\n  expected %s\n  got      %s\n", vector->file, vector->name, vector->step, what,
          expected_text ? expected_text : "nothing", got_text ? got_text : "nothing");
  free(expected_text);
  free(got_text);
  return false;
}

/* The JSON of a buffer, which is freed. */
static json_t *parsed(crm_buffer *buffer) {
  json_t *value =
      buffer->data ? json_loadb((const char *)buffer->data, buffer->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL) : NULL;
  crm_buffer_free(buffer);
  return value;
}

/* Whether an outcome is what its form says: the error, or a success whose result matches `expected` if that is there. */
static bool judged(const vector *vector, int32_t status, json_t *outcome, json_t *error_form, json_t *expected_form) {
  json_t *form = error_form ? error_form : expected_form;
  json_t *expected = form ? filled(form, vector->saved) : NULL;
  bool well = true;
  if (form && !expected) well = complain(vector, "a reference leads nowhere", form, vector->saved);
  else if (error_form && status == CRM_STATUS_OK) well = complain(vector, "no error", expected, outcome);
  else if (error_form && json_integer_value(json_object_get(outcome, "status")) != status)
    well = complain(vector, "the status is not that of the error", expected, outcome);
  else if (!error_form && status != CRM_STATUS_OK) well = complain(vector, "an error", expected, outcome);
  else if (form && !matches(expected, outcome)) well = complain(vector, "something else", expected, outcome);
  json_decref(expected);
  return well;
}

/* Begins a session, which is used from then on. */
static bool begin(vector *vector, json_t *options, json_t *error_form) {
  json_t *given = filled(options, vector->saved);
  if (!given) return complain(vector, "a reference leads nowhere", options, vector->saved);
  char *text = json_dumps(given, JSON_COMPACT);
  json_decref(given);
  crm_session_t session = 0;
  crm_buffer error = {NULL, 0, 0};
  int32_t status = crm_session_open(vector->database, text, strlen(text), &session, &error);
  free(text);
  if (status == CRM_STATUS_OK) vector->session = session;
  json_t *outcome = parsed(&error);
  bool well = judged(vector, status, outcome, error_form, NULL);
  json_decref(outcome);
  return well;
}

static bool call(vector *vector, json_t *step) {
  const char *operation = json_string_value(json_object_get(step, "call"));
  const char *text = json_string_value(json_object_get(step, "text")), *name = json_string_value(json_object_get(step, "as"));
  json_t *form = json_object_get(step, "input");
  char *written = NULL;
  if (!operation) return complain(vector, "has neither a call nor a session", NULL, step);
  if (!text && form) {
    json_t *input = filled(form, vector->saved);
    if (!input) return complain(vector, "a reference leads nowhere", form, vector->saved);
    written = json_dumps(input, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(input);
  }
  const char *input = text ? text : written ? written : "{}";
  crm_buffer output = {NULL, 0, 0};
  int32_t status = crm_call(vector->session, operation, strlen(operation), input, strlen(input), &output);
  free(written);
  json_t *outcome = parsed(&output);
  bool well = outcome ? judged(vector, status, outcome, json_object_get(step, "error"), json_object_get(step, "expect"))
                      : complain(vector, "the output is no JSON", NULL, NULL);
  if (name && outcome) json_object_set(vector->saved, name, outcome);
  json_decref(outcome);
  return well;
}

static bool run_steps(vector *vector, json_t *steps) {
  json_t *step;
  json_array_foreach(steps, vector->step, step) {
    json_t *session = json_object_get(step, "session");
    if (!(session ? begin(vector, session, json_object_get(step, "error")) : call(vector, step))) return false;
  }
  return true;
}

/* Runs a case on a database of its own. */
static bool run_case(const char *file, json_t *form) {
  vector vector = {file, json_string_value(json_object_get(form, "name")), 0, 0, json_object(), 0};
  if (!vector.name) vector.name = "(without a name)";
  json_t *options = json_loads(DEFAULTS, 0, NULL), *open_error = json_object_get(form, "open_error");
  json_t *session_error = json_object_get(form, "session_error"), *session = json_object_get(form, "session");
  if (json_object_get(form, "options")) json_object_update(options, json_object_get(form, "options"));
  char *text = json_dumps(options, JSON_COMPACT);
  json_decref(options);
  crm_buffer error = {NULL, 0, 0};
  int32_t status = crm_open(text, strlen(text), &vector.database, &error);
  free(text);
  json_t *outcome = parsed(&error), *defaults = json_object();
  bool well = judged(&vector, status, outcome, open_error, NULL);
  if (well && !open_error) {
    well = begin(&vector, session ? session : defaults, session_error);
    if (well && !session_error) well = run_steps(&vector, json_object_get(form, "steps"));
  }
  json_decref(defaults);
  json_decref(outcome);
  json_decref(vector.saved);
  return crm_close(vector.database, NULL) == CRM_STATUS_OK && well;
}

/* The JSON of a file; ends the program when it has none. */
static json_t *read_file(const char *path) {
  json_error_t wrong;
  json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &wrong);
  if (!file) {
    fprintf(stderr, "%s:%d: %s\n", path, wrong.line, wrong.text);
    exit(2);
  }
  return file;
}

/* A matcher that lets everything pass would let every case pass. */
static void check_matcher(const char *path) {
  json_t *table = read_file(path), *row;
  size_t at;
  json_array_foreach(table, at, row) {
    bool wanted = json_is_true(json_object_get(row, "matches"));
    if (matches(json_object_get(row, "expect"), json_object_get(row, "got")) != wanted) {
      fprintf(stderr, "%s: row %zu of the matcher's table does not come out\n", path, at);
      exit(1);
    }
  }
  if (at == 0) exit(1);
  json_decref(table);
}

int main(int count, char **arguments) {
  char pattern[4096];
  const char *folder = count > 1 ? arguments[1] : "tests/vectors";
  snprintf(pattern, sizeof pattern, "%s/matcher.json", folder);
  check_matcher(pattern);

  glob_t files;
  snprintf(pattern, sizeof pattern, "%s/*/*.json", folder);
  if (glob(pattern, GLOB_ERR, NULL, &files) != 0) {
    fprintf(stderr, "%s has no vectors\n", folder);
    return 2;
  }
  size_t passed = 0, failed = 0;
  for (size_t i = 0; i < files.gl_pathc; i++) {
    json_t *file = read_file(files.gl_pathv[i]), *form;
    size_t at;
    json_array_foreach(json_object_get(file, "cases"), at, form) {
      if (run_case(files.gl_pathv[i], form)) passed++;
      else failed++;
    }
    json_decref(file);
  }
  globfree(&files);
  if (failed > 0) printf("c: %zu vectors failed\n", failed);
  printf("c: %zu vectors passed\n", passed);
  return passed > 0 && failed == 0 ? 0 : 1;
}
