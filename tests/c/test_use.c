/* Normal use: what a host does all day. */
#include "check.h"

#include <unistd.h>

#include "crm_operations.h"

static void the_library_tells_its_versions(void) {
  CHECK_EQUAL(CRM_ABI_VERSION, crm_abi_version());
  CHECK(strchr(crm_version(), '.') != NULL);
}

static void the_schema_is_a_document_of_all_operations(void) {
  crm_buffer schema = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_schema_json(&schema));
  CHECK(strstr(text_of(&schema), "\"name\":\"person.create\"") != NULL);
  CHECK(strstr(text_of(&schema), "\"$defs\":{") != NULL);
  CHECK(strchr(text_of(&schema), '\n') == NULL);
  crm_buffer_free(&schema);
}

static void a_record_is_made_read_and_listed(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_buffer ada = call(session, "person.create", "{\"given_name\":\"Ada\",\"family_name\":\"Lovelace\"}");
  CHECK(strstr(text_of(&ada), "\"version\":1") != NULL);
  CHECK_EQUAL(strlen(text_of(&ada)), ada.length);

  crm_buffer page = call(session, "person.list", "{\"filter\":\"family_name = \\\"Lovelace\\\"\"}");
  CHECK(strstr(text_of(&page), text_of(&ada)) != NULL);
  crm_buffer_free(&page);
  crm_buffer_free(&ada);
  CHECK_EQUAL(1, number(session, "person.count", ""));
  close_all(database);
}

static void an_operation_has_a_function_of_its_name(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_organisation_create(session, TEXT("{\"name\":\"Acme GmbH\"}"), &output));
  crm_buffer_free(&output);
  CHECK_EQUAL(CRM_STATUS_OK, crm_organisation_count(session, NULL, 0, &output));
  CHECK(strcmp(text_of(&output), "1") == 0);
  crm_buffer_free(&output);
  close_all(database);
}

static void texts_need_no_zero_byte(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  /* Without their lengths, these would run into what stands behind them. */
  const char operation[] = "person.countXYZ";
  const char input[] = "{}garbage";
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_call(session, operation, 12, input, 2, &output));
  CHECK(strcmp(text_of(&output), "0") == 0);
  crm_buffer_free(&output);
  close_all(database);
}

static void an_operation_without_a_result_gives_null(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_buffer ada = call(session, "person.create", "{\"given_name\":\"Ada\"}");
  char input[128];
  const char *id = strstr(text_of(&ada), "\"id\":\"");
  CHECK(id != NULL);
  snprintf(input, sizeof input, "{\"id\":\"%.36s\"}", id + 6);
  crm_buffer_free(&ada);
  crm_buffer output = call(session, "person.delete", input);
  CHECK(strcmp(text_of(&output), "null") == 0);
  crm_buffer_free(&output);
  close_all(database);
}

static void an_error_names_code_status_and_path(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_INVALID,
              crm_call(session, TEXT("person.create"), TEXT("{\"emails\":[{\"address\":\"nobody\"}]}"), &output));
  CHECK(strstr(text_of(&output), "\"kind\":\"invalid\",\"status\":100") != NULL);
  CHECK(strstr(text_of(&output), "\"path\":\"emails[0]") != NULL);
  crm_buffer_free(&output);
  CHECK_EQUAL(CRM_STATUS_NOT_FOUND,
              crm_call(session, TEXT("person.get"), TEXT("{\"id\":\"0192f0c1-2345-7abc-8def-0123456789ab\"}"), &output));
  CHECK_ERROR(&output, "record.not_found", NULL);
  close_all(database);
}

static void options_say_how_to_open_and_who_acts(void) {
  crm_db_t database = 0;
  crm_session_t session = 0;
  crm_buffer error = EMPTY;
  const char *options =
      "{\"country\":\"AT\",\"zone\":\"Europe/Vienna\",\"clock\":\"2026-11-21T10:00:00Z\","
      "\"seed\":\"0707070707070707070707070707070707070707070707070707070707070707\"}";
  CHECK_EQUAL(CRM_STATUS_OK, crm_open(TEXT(options), &database, &error));
  CHECK_EQUAL(CRM_STATUS_OK, crm_session_open(database, TEXT("{\"purpose\":\"customer_care\"}"), &session, &error));
  crm_buffer info = call(session, "system.info", "{}");
  CHECK(strstr(text_of(&info), "\"now\":\"2026-11-21T10:00:00Z\"") != NULL);
  CHECK(strstr(text_of(&info), "\"zone\":\"Europe/Vienna\"") != NULL);
  CHECK(strstr(text_of(&info), "\"country\":\"AT\"") != NULL);
  crm_buffer_free(&info);
  close_all(database);
}

static void a_file_keeps_what_was_stored_and_can_be_copied(void) {
  char folder[] = "/tmp/crm-c-XXXXXX";
  CHECK(mkdtemp(folder) != NULL);
  char options[256], copy[256], command[256];
  snprintf(options, sizeof options, "{\"path\":\"%s/customers.db\"}", folder);
  snprintf(copy, sizeof copy, "%s/copy.db", folder);
  crm_db_t database = 0;
  crm_buffer error = EMPTY;
  for (int round = 0; round < 2; round++) {
    CHECK_EQUAL(CRM_STATUS_OK, crm_open(TEXT(options), &database, &error));
    run(session_on(database), "person.create", "{\"given_name\":\"Ada\"}");
    CHECK_EQUAL(round + 1, number(session_on(database), "person.count", ""));
    if (round == 0) CHECK_EQUAL(CRM_STATUS_OK, crm_backup(database, TEXT(copy), &error));
    close_all(database);
  }
  CHECK_EQUAL(CRM_STATUS_OK, crm_open(TEXT(options), &database, &error));
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_backup(database, TEXT(copy), &error));
  CHECK_ERROR(&error, "storage.backup.exists", NULL);
  close_all(database);
  CHECK_EQUAL(0, access(copy, R_OK));
  snprintf(command, sizeof command, "rm -r %s", folder);
  CHECK_EQUAL(0, system(command));
}

static void a_database_travels_as_bytes(void) {
  crm_db_t first = open_memory(), second = 0;
  run(session_on(first), "person.create", "{\"given_name\":\"Ada\"}");
  crm_buffer bytes = EMPTY, error = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_export_bytes(first, &bytes));
  CHECK(bytes.length > 4096 && memcmp(bytes.data, "SQLite format 3", 16) == 0);
  close_all(first);
  CHECK_EQUAL(CRM_STATUS_OK, crm_open_bytes(bytes.data, bytes.length, NULL, 0, &second, &error));
  /* The bytes were copied. */
  memset(bytes.data, 0, bytes.length);
  crm_buffer_free(&bytes);
  CHECK_EQUAL(1, number(session_on(second), "person.count", ""));
  close_all(second);
  CHECK_EQUAL(CRM_STATUS_OK, crm_open_bytes(NULL, 0, NULL, 0, &second, &error));
  CHECK_EQUAL(0, number(session_on(second), "person.count", ""));
  close_all(second);
}

static int told;

static int32_t count_reports(void *user_data, const char *progress, size_t length) {
  CHECK(user_data == &told);
  CHECK(length > 0 && progress[0] == '{' && progress[length - 1] == '}');
  told++;
  return 0;
}

static int32_t stop_at_once(void *user_data, const char *progress, size_t length) {
  (void)progress, (void)length;
  ++*(int *)user_data;
  return 1;
}

/* An import of so many organisations. */
static char *import_of(int rows) {
  char *input = malloc((size_t)rows * 16 + 256), *end = input;
  CHECK(input != NULL);
  end += sprintf(end,
                 "{\"mapping\":{\"record_type\":\"organisation\",\"columns\":[{\"column\":\"Name\",\"field\":\"name\"}]},"
                 "\"content\":\"Name");
  for (int row = 0; row < rows; row++) end += sprintf(end, "\\nFirm %d", row);
  sprintf(end, "\"}");
  return input;
}

static void a_long_call_reports_and_can_be_stopped(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  char *input = import_of(1200);
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_INTERRUPTED,
              crm_call_with_progress(session, TEXT("import.csv"), TEXT(input), stop_at_once, &told, &output));
  CHECK_ERROR(&output, "import.cancelled", NULL);
  CHECK_EQUAL(1, told);
  CHECK_EQUAL(0, number(session, "organisation.count", ""));
  told = 0;
  int32_t status = crm_call_with_progress(session, TEXT("import.csv"), TEXT(input), count_reports, &told, &output);
  if (status) fprintf(stderr, "%s\n", text_of(&output));
  CHECK_EQUAL(CRM_STATUS_OK, status);
  crm_buffer_free(&output);
  CHECK_EQUAL(3, told);
  CHECK_EQUAL(CRM_STATUS_OK, crm_call_with_progress(session, TEXT("organisation.count"), NULL, 0, NULL, NULL, &output));
  CHECK(strcmp(text_of(&output), "1200") == 0);
  crm_buffer_free(&output);
  free(input);
  close_all(database);
}

static void events_tell_what_was_committed(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  run(session, "organisation.create", "{\"name\":\"before\"}");
  crm_events_t events = 0;
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_open(database, &events, &output));
  CHECK_EQUAL(CRM_STATUS_TIMEOUT, crm_events_next(events, 0, &output));
  CHECK(output.data == NULL);
  CHECK_EQUAL(CRM_STATUS_TIMEOUT, crm_events_next(events, 20, &output));
  run(session, "organisation.create", "{\"name\":\"one\"}");
  run(session, "organisation.create", "{\"name\":\"two\"}");
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_next(events, CRM_FOREVER, &output));
  long long first = -1, last = -1;
  CHECK_EQUAL(2, sscanf(text_of(&output), "{\"first\":%lld,\"last\":%lld}", &first, &last));
  CHECK_EQUAL(first + 1, last);
  crm_buffer_free(&output);

  char input[64];
  snprintf(input, sizeof input, "{\"from\":%lld}", first);
  crm_buffer feed = call(session, "journal.feed", input);
  const char *at = text_of(&feed);
  int entries = 0;
  while ((at = strstr(at, "\"sequence\":")) != NULL) at++, entries++;
  CHECK_EQUAL(2, entries);
  crm_buffer_free(&feed);
  CHECK_EQUAL(CRM_STATUS_TIMEOUT, crm_events_next(events, 0, &output));
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_close(events, NULL));
  close_all(database);
}

int main(void) {
  RUN(the_library_tells_its_versions);
  RUN(the_schema_is_a_document_of_all_operations);
  RUN(a_record_is_made_read_and_listed);
  RUN(an_operation_has_a_function_of_its_name);
  RUN(texts_need_no_zero_byte);
  RUN(an_operation_without_a_result_gives_null);
  RUN(an_error_names_code_status_and_path);
  RUN(options_say_how_to_open_and_who_acts);
  RUN(a_file_keeps_what_was_stored_and_can_be_copied);
  RUN(a_database_travels_as_bytes);
  RUN(a_long_call_reports_and_can_be_stopped);
  RUN(events_tell_what_was_committed);
  printf("%d passed\n", tests_run);
  return 0;
}
