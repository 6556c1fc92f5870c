#include "host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with an error of the library. */
static _Noreturn void fail(const char *what, crm_buffer *error) {
  fprintf(stderr, "%s: %s\n", what, error->data ? (const char *)error->data : "no reason was given");
  crm_buffer_free(error);
  exit(1);
}

host host_open(const char *path) {
  host opened = {0, 0};
  crm_buffer error = {NULL, 0, 0};
  /* A real host leaves the clock out; here it stands still, so that the screen looks the same every day. */
  json_t *options = json_pack("{s:s, s:s, s:s, s:s}", "path", path, "country", "DE", "zone", "Europe/Berlin", "clock",
                              "2026-11-21T09:00:00Z");
  char *text = json_dumps(options, 0);
  json_decref(options);
  if (crm_abi_version() != CRM_ABI_VERSION) fail("the library is of another version", &error);
  if (crm_open(text, strlen(text), &opened.database, &error) != CRM_STATUS_OK) fail(path, &error);
  free(text);
  const char *purpose = "{\"purpose\": \"customer_relationship_management\"}";
  if (crm_session_open(opened.database, purpose, strlen(purpose), &opened.session, &error) != CRM_STATUS_OK)
    fail("session", &error);
  return opened;
}

void host_close(host *host) {
  crm_buffer error = {NULL, 0, 0};
  if (crm_close(host->database, &error) != CRM_STATUS_OK) fail("close", &error);
}

json_t *host_call(const host *host, const char *operation, const char *format, ...) {
  va_list values;
  va_start(values, format);
  json_error_t wrong;
  json_t *input = json_vpack_ex(&wrong, 0, format, values);
  va_end(values);
  crm_buffer output = {NULL, 0, 0};
  if (!input) {
    fprintf(stderr, "%s: the input cannot be made: %s\n", operation, wrong.text);
    exit(1);
  }
  char *text = json_dumps(input, JSON_COMPACT);
  json_decref(input);
  if (crm_call(host->session, operation, strlen(operation), text, strlen(text), &output) != CRM_STATUS_OK)
    fail(operation, &output);
  free(text);
  json_t *result = json_loadb((const char *)output.data, output.length, JSON_DECODE_ANY, NULL);
  crm_buffer_free(&output);
  return result;
}

const char *text_of(json_t *record, const char *member) {
  const char *text = json_string_value(json_object_get(record, member));
  return text ? text : "";
}
