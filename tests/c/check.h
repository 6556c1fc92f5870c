/* What the C tests stand on: checks that stop the program, and short forms of the calls that they make all the time. */
#ifndef CRM_TESTS_CHECK_H
#define CRM_TESTS_CHECK_H

/* mkdtemp, nanosleep and the like beside C11. */
#define _XOPEN_SOURCE 700

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crm.h"

/* Stops the program when a condition does not hold. */
#define CHECK(condition)                                                                    \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      fprintf(stderr, "%s:%d: in %s: not true: %s\n", __FILE__, __LINE__, __func__, #condition); \
      exit(1);                                                                              \
    }                                                                                       \
  } while (0)

/* Stops the program when two whole numbers differ, and shows them. */
#define CHECK_EQUAL(expected, given)                                                       \
  do {                                                                                     \
    long long expected_ = (long long)(expected), given_ = (long long)(given);              \
    if (expected_ != given_) {                                                             \
      fprintf(stderr, "%s:%d: in %s: %s: expected %lld, got %lld\n", __FILE__, __LINE__, __func__, #given, \
              expected_, given_);                                                          \
      exit(1);                                                                             \
    }                                                                                      \
  } while (0)

/* Runs a test and counts it. */
#define RUN(test)            \
  do {                       \
    test();                  \
    printf("ok %s\n", #test); \
    fflush(stdout);          \
    tests_run++;             \
  } while (0)

static int tests_run;

/* A text with its length, as the library wants it. */
#define TEXT(literal) (literal), strlen(literal)

static const crm_buffer EMPTY = {NULL, 0, 0};

static inline const char *text_of(const crm_buffer *buffer) {
  return buffer->data ? (const char *)buffer->data : "";
}

/* Whether a buffer has an error with this code, and at this path unless that is NULL. Frees it. */
static inline void check_error(const char *file, int line, crm_buffer *buffer, const char *code, const char *path) {
  char wanted[256];
  snprintf(wanted, sizeof wanted, "\"code\":\"%s\"", code);
  bool found = strstr(text_of(buffer), wanted) != NULL;
  if (path) {
    snprintf(wanted, sizeof wanted, "\"path\":\"%s\"", path);
    found = found && strstr(text_of(buffer), wanted) != NULL;
  }
  if (!found) {
    fprintf(stderr, "%s:%d: expected the error %s at %s, got %s\n", file, line, code, path ? path : "any place",
            text_of(buffer));
    exit(1);
  }
  crm_buffer_free(buffer);
}
#define CHECK_ERROR(buffer, code, path) check_error(__FILE__, __LINE__, (buffer), (code), (path))

/* A database in memory. */
static inline crm_db_t open_memory(void) {
  crm_db_t database = 0;
  crm_buffer error = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_open(NULL, 0, &database, &error));
  CHECK(database != 0 && error.data == NULL);
  return database;
}

static inline crm_session_t session_on(crm_db_t database) {
  crm_session_t session = 0;
  crm_buffer error = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_session_open(database, NULL, 0, &session, &error));
  CHECK(session != 0 && error.data == NULL);
  return session;
}

/* Calls an operation that must succeed; the caller frees the result. */
static inline crm_buffer call(crm_session_t session, const char *operation, const char *input) {
  crm_buffer output = EMPTY;
  int32_t status = crm_call(session, TEXT(operation), TEXT(input), &output);
  if (status != CRM_STATUS_OK) fprintf(stderr, "%s: %s\n", operation, text_of(&output));
  CHECK_EQUAL(CRM_STATUS_OK, status);
  return output;
}

/* Calls an operation that must succeed and whose result does not matter. */
static inline void run(crm_session_t session, const char *operation, const char *input) {
  crm_buffer output = call(session, operation, input);
  crm_buffer_free(&output);
}

/* Calls an operation that gives a whole number. */
static inline long number(crm_session_t session, const char *operation, const char *input) {
  crm_buffer output = call(session, operation, input);
  long value = strtol(text_of(&output), NULL, 10);
  crm_buffer_free(&output);
  return value;
}

static inline void close_all(crm_db_t database) {
  crm_buffer error = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_close(database, &error));
  CHECK(error.data == NULL);
}

#endif
