/* Bad arguments: each is a defined error, and changes nothing. */
#include "check.h"

#include <stdint.h>

#define NOBODY ((crm_session_t)0xfeedbeefcafe)

/* Every function with a handle that is none; all must give the same error. */
static void check_refused(uint64_t handle) {
  crm_buffer output = EMPTY;
  crm_session_t session = 7;
  crm_events_t events = 7;
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_session_open(handle, NULL, 0, &session, &output));
  CHECK_EQUAL(0, session);
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_call(handle, TEXT("person.count"), NULL, 0, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED,
              crm_call_with_progress(handle, TEXT("person.count"), NULL, 0, NULL, NULL, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_interrupt(handle, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_backup(handle, TEXT("/tmp/never"), &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_export_bytes(handle, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_events_open(handle, &events, &output));
  CHECK_EQUAL(0, events);
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_events_next(handle, 0, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  if (handle != 0) {
    CHECK_EQUAL(CRM_STATUS_CLOSED, crm_close(handle, &output));
    CHECK_ERROR(&output, "surface.handle", NULL);
    CHECK_EQUAL(CRM_STATUS_CLOSED, crm_session_close(handle, &output));
    CHECK_ERROR(&output, "surface.handle", NULL);
    CHECK_EQUAL(CRM_STATUS_CLOSED, crm_events_close(handle, &output));
    CHECK_ERROR(&output, "surface.handle", NULL);
  }
}

static void handles_that_never_were_are_refused(void) {
  check_refused(0);
  check_refused(NOBODY);
  check_refused(UINT64_MAX);
}

static void closing_nothing_does_nothing(void) {
  CHECK_EQUAL(CRM_STATUS_OK, crm_close(0, NULL));
  CHECK_EQUAL(CRM_STATUS_OK, crm_session_close(0, NULL));
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_close(0, NULL));
}

static void a_database_closes_once(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_events_t events = 0;
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_open(database, &events, NULL));
  close_all(database);
  check_refused(database);
  check_refused(session);
  check_refused(events);
  /* A new database does not get an old handle. */
  crm_db_t next = open_memory();
  CHECK(next != database && next != session && next != events);
  check_refused(database);
  close_all(next);
}

static void a_session_closes_once_and_alone(void) {
  crm_db_t database = open_memory();
  crm_session_t one = session_on(database), two = session_on(database);
  CHECK(one != two);
  CHECK_EQUAL(CRM_STATUS_OK, crm_session_close(one, NULL));
  check_refused(one);
  CHECK_EQUAL(0, number(two, "person.count", ""));
  close_all(database);
}

static void a_stream_closes_once(void) {
  crm_db_t database = open_memory();
  crm_events_t events = 0;
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_open(database, &events, NULL));
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_close(events, NULL));
  check_refused(events);
  /* Commits after it go nowhere. */
  run(session_on(database), "person.create", "{\"given_name\":\"Ada\"}");
  close_all(database);
}

static void a_handle_of_another_kind_is_refused(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_call(database, TEXT("person.count"), NULL, 0, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_close(session, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_events_next(session, 0, &output));
  CHECK_ERROR(&output, "surface.handle", NULL);
  CHECK_EQUAL(0, number(session, "person.count", ""));
  close_all(database);
}

static void null_is_refused_where_something_must_be(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_open(NULL, 0, NULL, &output));
  CHECK_ERROR(&output, "surface.null", "database");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_open_bytes(NULL, 0, NULL, 0, NULL, &output));
  CHECK_ERROR(&output, "surface.null", "database");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_session_open(database, NULL, 0, NULL, &output));
  CHECK_ERROR(&output, "surface.null", "session");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_events_open(database, NULL, &output));
  CHECK_ERROR(&output, "surface.null", "events");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_call(session, NULL, 0, NULL, 0, &output));
  CHECK_ERROR(&output, "surface.null", "operation");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_call_with_progress(session, NULL, 0, NULL, 0, NULL, NULL, &output));
  CHECK_ERROR(&output, "surface.null", "operation");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_backup(database, NULL, 0, &output));
  CHECK_ERROR(&output, "surface.null", "path");
  /* Without a place for the answer, the status says it alone. */
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_call(session, TEXT("person.create"), NULL, 0, NULL));
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_export_bytes(database, NULL));
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_events_next(session, 0, NULL));
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_schema_json(NULL));
  CHECK_EQUAL(CRM_STATUS_CLOSED, crm_interrupt(NOBODY, NULL));
  CHECK_EQUAL(0, number(session, "person.count", ""));
  close_all(database);
}

static void null_with_a_length_is_refused(void) {
  crm_db_t database = open_memory(), other = 7;
  crm_session_t session = session_on(database), second = 7;
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_open(NULL, 1, &other, &output));
  CHECK_ERROR(&output, "surface.null", "options");
  CHECK_EQUAL(0, other);
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_open_bytes(NULL, 4096, NULL, 0, &other, &output));
  CHECK_ERROR(&output, "surface.null", "bytes");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_open_bytes(NULL, 0, NULL, 2, &other, &output));
  CHECK_ERROR(&output, "surface.null", "options");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_session_open(database, NULL, 2, &second, &output));
  CHECK_ERROR(&output, "surface.null", "options");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_call(session, NULL, 12, NULL, 0, &output));
  CHECK_ERROR(&output, "surface.null", "operation");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_call(session, TEXT("person.count"), NULL, 2, &output));
  CHECK_ERROR(&output, "surface.null", "input");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_backup(database, NULL, 9, &output));
  CHECK_ERROR(&output, "surface.null", "path");
  close_all(database);
}

static void lengths_beyond_reason_are_refused(void) {
  crm_db_t database = open_memory(), other = 0;
  crm_session_t session = session_on(database), second = 0;
  crm_buffer output = EMPTY;
  const size_t lengths[] = {(size_t)256 * 1024 * 1024 + 1, (size_t)PTRDIFF_MAX, (size_t)PTRDIFF_MAX + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    CHECK_EQUAL(CRM_STATUS_LIMIT, crm_call(session, TEXT("person.count"), "{}", lengths[i], &output));
    CHECK_ERROR(&output, "input.too_long", "input");
    CHECK_EQUAL(CRM_STATUS_LIMIT, crm_call(session, "person.count", lengths[i], "{}", 2, &output));
    CHECK_ERROR(&output, "input.too_long", "operation");
    CHECK_EQUAL(CRM_STATUS_LIMIT, crm_open("{}", lengths[i], &other, &output));
    CHECK_ERROR(&output, "input.too_long", "options");
    CHECK_EQUAL(CRM_STATUS_LIMIT, crm_session_open(database, "{}", lengths[i], &second, &output));
    CHECK_ERROR(&output, "input.too_long", "options");
    CHECK_EQUAL(CRM_STATUS_LIMIT, crm_backup(database, "x", lengths[i], &output));
    CHECK_ERROR(&output, "input.too_long", "path");
  }
  CHECK_EQUAL(CRM_STATUS_LIMIT, crm_open_bytes((const uint8_t *)"x", SIZE_MAX, NULL, 0, &other, &output));
  CHECK_ERROR(&output, "input.too_long", "bytes");
  close_all(database);
}

static void what_is_no_utf8_is_refused(void) {
  crm_db_t database = open_memory(), other = 0;
  crm_session_t session = session_on(database), second = 0;
  crm_buffer output = EMPTY;
  /* A lone byte, an overlong slash, half of a pair, a cut sequence, beyond the last character. */
  const char *broken[] = {"{\"name\":\"\xff\"}", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\xf5\x80\x80\x80"};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    CHECK_EQUAL(CRM_STATUS_INVALID, crm_call(session, TEXT("organisation.create"), TEXT(broken[i]), &output));
    CHECK_ERROR(&output, "surface.utf8", "input");
    CHECK_EQUAL(CRM_STATUS_INVALID, crm_call(session, TEXT(broken[i]), NULL, 0, &output));
    CHECK_ERROR(&output, "surface.utf8", "operation");
    CHECK_EQUAL(CRM_STATUS_INVALID, crm_open(TEXT(broken[i]), &other, &output));
    CHECK_ERROR(&output, "surface.utf8", "options");
    CHECK_EQUAL(CRM_STATUS_INVALID, crm_session_open(database, TEXT(broken[i]), &second, &output));
    CHECK_ERROR(&output, "surface.utf8", "options");
    CHECK_EQUAL(CRM_STATUS_INVALID, crm_backup(database, TEXT(broken[i]), &output));
    CHECK_ERROR(&output, "surface.utf8", "path");
  }
  close_all(database);
}

static void what_is_no_call_is_refused(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  char deep[20001];
  memset(deep, '[', sizeof deep - 1);
  deep[sizeof deep - 1] = 0;
  const struct {
    const char *operation, *input, *code, *path;
  } rows[] = {
      {"person.fly", "{}", "operation.unknown", "person.fly"},
      {"", "{}", "operation.unknown", ""},
      {"person.count", "{", "input.json", "line 1 column 1"},
      {"person.count", "{} {}", "input.json", NULL},
      {"person.count", deep, "input.json", NULL},
      {"person.count", "[]", "input.type", NULL},
      {"person.count", "{\"colour\":1}", "input.unknown", "colour"},
      {"person.list", "{\"limit\":-1}", "input.type", "limit"},
      {"person.get", "{}", "input.missing", "id"},
      {"person.create", "{\"given_name\":1}", "field.type", "given_name"},
      {"person.create", "{\"shoe_size\":1}", "field.unknown", "shoe_size"},
      {"spaceship.create", "{}", "type.unknown", NULL},
      {"person.list", "{\"filter\":\"family_name =\"}", "filter.syntax", NULL},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    crm_buffer output = EMPTY;
    CHECK(crm_call(session, TEXT(rows[i].operation), TEXT(rows[i].input), &output) >= CRM_STATUS_INVALID);
    CHECK_ERROR(&output, rows[i].code, rows[i].path);
  }
  CHECK_EQUAL(0, number(session, "person.count", ""));
  close_all(database);
}

static void what_are_no_options_are_refused(void) {
  const struct {
    const char *options, *code, *path;
  } rows[] = {
      {"{", "options.json", NULL},
      {"[]", "options.json", NULL},
      {"{\"colour\":1}", "options.invalid", NULL},
      {"{\"path\":7}", "options.invalid", NULL},
      {"{\"country\":\"Atlantis\"}", "country.unknown", "country"},
      {"{\"zone\":\"Mars/Olympus\"}", "zone.unknown", "zone"},
      {"{\"key\":\"abc\"}", "options.hex", "key"},
      {"{\"seed\":\"zz\"}", "options.hex", "seed"},
      {"{\"path\":\"/nowhere/at/all.db\"}", "storage.", NULL},
      {"{\"path\":\"a\\u0000b\"}", "storage.", NULL},
      {"{\"path\":\"/etc/hostname\"}", "storage.not_a_database", NULL},
  };
  crm_buffer output = EMPTY;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    crm_db_t database = 7;
    CHECK(crm_open(TEXT(rows[i].options), &database, &output) >= CRM_STATUS_INVALID);
    CHECK_EQUAL(0, database);
    if (strcmp(rows[i].code, "storage.") == 0) {
      CHECK(strstr(text_of(&output), "\"code\":\"storage.") != NULL);
      crm_buffer_free(&output);
    } else {
      CHECK_ERROR(&output, rows[i].code, rows[i].path);
    }
  }
  crm_db_t database = 7;
  CHECK_EQUAL(CRM_STATUS_CORRUPT, crm_open_bytes((const uint8_t *)"no database", 11, NULL, 0, &database, &output));
  CHECK_ERROR(&output, "storage.not_a_database", NULL);
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_open_bytes(NULL, 0, TEXT("{\"path\":\"x.db\"}"), &database, &output));
  CHECK_ERROR(&output, "options.path", "path");

  database = open_memory();
  crm_session_t session = 7;
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_session_open(database, TEXT("{\"actor\":\"root\"}"), &session, &output));
  CHECK_ERROR(&output, "actor.invalid", "actor");
  CHECK_EQUAL(CRM_STATUS_INVALID, crm_session_open(database, TEXT("{\"purpose\":\"fun\"}"), &session, &output));
  CHECK_ERROR(&output, "purpose.unknown", "purpose");
  const char *stranger = "{\"actor\":\"user:0192f0c1-2345-7abc-8def-0123456789ab\"}";
  CHECK(crm_session_open(database, TEXT(stranger), &session, &output) != CRM_STATUS_OK);
  CHECK_ERROR(&output, "user.unknown", NULL);
  CHECK_EQUAL(0, session);
  close_all(database);
}

static void a_damaged_database_is_refused_byte_by_byte(void) {
  crm_db_t database = open_memory();
  crm_buffer bytes = EMPTY, error = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_export_bytes(database, &bytes));
  close_all(database);
  /* Cut anywhere, or with a broken header: an error or a database, never a crash. */
  for (size_t length = 1; length < bytes.length; length += bytes.length / 23) {
    if (crm_open_bytes(bytes.data, length, NULL, 0, &database, &error) == CRM_STATUS_OK) close_all(database);
    crm_buffer_free(&error);
  }
  for (size_t at = 0; at < 100; at += 3) {
    bytes.data[at] ^= 0xff;
    if (crm_open_bytes(bytes.data, bytes.length, NULL, 0, &database, &error) == CRM_STATUS_OK) close_all(database);
    crm_buffer_free(&error);
    bytes.data[at] ^= 0xff;
  }
  crm_buffer_free(&bytes);
}

static crm_db_t of_callback;
static crm_session_t session_of_callback;

static int32_t close_from_inside(void *user_data, const char *progress, size_t length) {
  (void)progress, (void)length;
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_INTERNAL, crm_close(of_callback, &output));
  CHECK_ERROR(&output, "storage.nested", NULL);
  CHECK_EQUAL(CRM_STATUS_INTERNAL, crm_call(session_of_callback, TEXT("person.count"), NULL, 0, &output));
  CHECK_ERROR(&output, "storage.nested", NULL);
  ++*(int *)user_data;
  return 0;
}

static void a_callback_cannot_close_what_it_stands_on(void) {
  of_callback = open_memory();
  session_of_callback = session_on(of_callback);
  const char *input =
      "{\"mapping\":{\"record_type\":\"organisation\",\"columns\":[{\"column\":\"Name\",\"field\":\"name\"}]},"
      "\"content\":\"Name\\nAcme\"}";
  int called = 0;
  crm_buffer output = EMPTY;
  CHECK_EQUAL(CRM_STATUS_OK, crm_call_with_progress(session_of_callback, TEXT("import.csv"), TEXT(input),
                                                    close_from_inside, &called, &output));
  crm_buffer_free(&output);
  CHECK(called > 0);
  CHECK_EQUAL(1, number(session_of_callback, "organisation.count", ""));
  close_all(of_callback);
}

static void buffers_are_freed_once(void) {
  crm_buffer_free(NULL);
  crm_buffer buffer = EMPTY;
  crm_buffer_free(&buffer);
  CHECK_EQUAL(CRM_STATUS_OK, crm_schema_json(&buffer));
  CHECK(buffer.data[buffer.length] == 0);
  crm_buffer_free(&buffer);
  CHECK(buffer.data == NULL && buffer.length == 0 && buffer.capacity == 0);
  crm_buffer_free(&buffer);
}

int main(void) {
  RUN(handles_that_never_were_are_refused);
  RUN(closing_nothing_does_nothing);
  RUN(a_database_closes_once);
  RUN(a_session_closes_once_and_alone);
  RUN(a_stream_closes_once);
  RUN(a_handle_of_another_kind_is_refused);
  RUN(null_is_refused_where_something_must_be);
  RUN(null_with_a_length_is_refused);
  RUN(lengths_beyond_reason_are_refused);
  RUN(what_is_no_utf8_is_refused);
  RUN(what_is_no_call_is_refused);
  RUN(what_are_no_options_are_refused);
  RUN(a_damaged_database_is_refused_byte_by_byte);
  RUN(a_callback_cannot_close_what_it_stands_on);
  RUN(buffers_are_freed_once);
  printf("%d passed\n", tests_run);
  return 0;
}
