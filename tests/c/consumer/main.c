/* A program of a user, with the installed package. */
#include <crm.h>
#include <crm_operations.h>
#include <string.h>

/* The program has an SQLite of its own, and neither meets the other. */
const char *sqlite3_libversion(void);
const char *sqlite3_libversion(void) { return "mine"; }

int main(void) {
  if (strcmp(sqlite3_libversion(), "mine") != 0) return 4;
  crm_db_t database;
  crm_session_t session;
  crm_buffer output;
  if (crm_abi_version() != CRM_ABI_VERSION) return 1;
  if (crm_open(NULL, 0, &database, NULL) || crm_session_open(database, NULL, 0, &session, NULL)) return 2;
  if (crm_person_count(session, NULL, 0, &output) || strcmp((const char *)output.data, "0") != 0) return 3;
  crm_buffer_free(&output);
  return crm_close(database, NULL);
}
