/* The thin layer that a host puts between its own types and the library: here, values of jansson. */
#ifndef ORDER_SCREEN_HOST_H
#define ORDER_SCREEN_HOST_H

#include <crm.h>
#include <jansson.h>

/* An open database and a session on it. */
typedef struct host {
  crm_db_t database;
  crm_session_t session;
} host;

/* Opens a database file for selling; ends the program with the reason when that fails. */
host host_open(const char *path);

/* Closes it. */
void host_close(host *host);

/*
 * Runs an operation. The input is made as by json_pack: a format and its values. The result belongs to the caller. An error ends the
 * program with its reason; a host with windows would show it at the field that `path` names.
 */
json_t *host_call(const host *host, const char *operation, const char *format, ...);

/* Runs an operation for what it does. */
#define host_run(...) json_decref(host_call(__VA_ARGS__))

/* A member of a record as text, or "" when it has none. */
const char *text_of(json_t *record, const char *member);

#endif
