/* Many threads: calls side by side, closes and interrupts in the middle of them, events across threads. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { THREADS = 8, CALLS = 40 };

static void pause_ms(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void start(pthread_t *thread, void *(*work)(void *), void *argument) {
  CHECK_EQUAL(0, pthread_create(thread, NULL, work, argument));
}

static void join(pthread_t thread) { CHECK_EQUAL(0, pthread_join(thread, NULL)); }

static void *create_and_count(void *argument) {
  crm_session_t session = *(crm_session_t *)argument;
  for (int i = 0; i < CALLS; i++) {
    run(session, "organisation.create", "{\"name\":\"Acme GmbH\"}");
    CHECK(number(session, "organisation.count", "") > i);
  }
  return NULL;
}

static void calls_run_side_by_side_in_one_session(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) start(&threads[i], create_and_count, &session);
  for (int i = 0; i < THREADS; i++) join(threads[i]);
  CHECK_EQUAL(THREADS * CALLS, number(session, "organisation.count", ""));
  close_all(database);
}

static atomic_int finished, refused;

/* Calls until it is refused; whatever else comes than a result or a refusal is a failure. */
static void *call_until_closed(void *argument) {
  crm_session_t session = *(crm_session_t *)argument;
  for (;;) {
    crm_buffer output = EMPTY;
    int32_t status = crm_call(session, TEXT("organisation.create"), TEXT("{\"name\":\"Acme GmbH\"}"), &output);
    if (status != CRM_STATUS_OK) {
      CHECK_EQUAL(CRM_STATUS_CLOSED, status);
      CHECK(strstr(text_of(&output), "surface.handle") || strstr(text_of(&output), "storage.closed"));
      crm_buffer_free(&output);
      atomic_fetch_add(&refused, 1);
      return NULL;
    }
    crm_buffer_free(&output);
    atomic_fetch_add(&finished, 1);
  }
}

static void a_database_closes_under_running_calls(void) {
  for (int round = 0; round < 5; round++) {
    crm_db_t database = open_memory();
    crm_session_t session = session_on(database);
    pthread_t threads[THREADS];
    atomic_store(&finished, 0);
    atomic_store(&refused, 0);
    for (int i = 0; i < THREADS; i++) start(&threads[i], call_until_closed, &session);
    while (atomic_load(&finished) < THREADS) pause_ms(1);
    close_all(database);
    for (int i = 0; i < THREADS; i++) join(threads[i]);
    CHECK_EQUAL(THREADS, atomic_load(&refused));
  }
}

static void a_session_closes_under_running_calls(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  pthread_t threads[THREADS];
  atomic_store(&finished, 0);
  atomic_store(&refused, 0);
  for (int i = 0; i < THREADS; i++) start(&threads[i], call_until_closed, &session);
  while (atomic_load(&finished) < THREADS) pause_ms(1);
  CHECK_EQUAL(CRM_STATUS_OK, crm_session_close(session, NULL));
  for (int i = 0; i < THREADS; i++) join(threads[i]);
  CHECK_EQUAL(THREADS, atomic_load(&refused));
  CHECK(number(session_on(database), "organisation.count", "") >= THREADS);
  close_all(database);
}

static atomic_int closed;

static void *close_it(void *argument) {
  crm_buffer error = EMPTY;
  int32_t status = crm_close(*(crm_db_t *)argument, &error);
  if (status == CRM_STATUS_OK) atomic_fetch_add(&closed, 1);
  else {
    CHECK_EQUAL(CRM_STATUS_CLOSED, status);
    CHECK_ERROR(&error, "surface.handle", NULL);
  }
  return NULL;
}

static void of_many_closes_one_succeeds(void) {
  for (int round = 0; round < 20; round++) {
    crm_db_t database = open_memory();
    pthread_t threads[THREADS];
    atomic_store(&closed, 0);
    for (int i = 0; i < THREADS; i++) start(&threads[i], close_it, &database);
    for (int i = 0; i < THREADS; i++) join(threads[i]);
    CHECK_EQUAL(1, atomic_load(&closed));
  }
}

/* Opens sessions and streams until the database is gone: none may be left behind. */
static void *open_until_closed(void *argument) {
  crm_db_t database = *(crm_db_t *)argument;
  for (;;) {
    crm_session_t session = 0;
    crm_events_t events = 0;
    if (crm_session_open(database, NULL, 0, &session, NULL) != CRM_STATUS_OK) return NULL;
    if (crm_events_open(database, &events, NULL) != CRM_STATUS_OK) return NULL;
    atomic_fetch_add(&finished, 1);
  }
}

static void a_database_closes_while_sessions_open(void) {
  crm_db_t database = open_memory();
  pthread_t threads[THREADS];
  atomic_store(&finished, 0);
  for (int i = 0; i < THREADS; i++) start(&threads[i], open_until_closed, &database);
  while (atomic_load(&finished) < THREADS) pause_ms(1);
  close_all(database);
  for (int i = 0; i < THREADS; i++) join(threads[i]);
}

static atomic_bool done;

/* Creates many records in one transaction, which takes a while. */
static void *create_many(void *argument) {
  crm_session_t session = *(crm_session_t *)argument;
  enum { RECORDS = 8000 };
  char *input = malloc(64 * RECORDS), *end = input;
  CHECK(input != NULL);
  end += sprintf(end, "{\"records\":[");
  for (int i = 0; i < RECORDS; i++) end += sprintf(end, "%s{\"name\":\"Firm %d\"}", i ? "," : "", i);
  sprintf(end, "]}");
  crm_buffer output = EMPTY;
  int32_t status = crm_call(session, TEXT("organisation.create_all"), TEXT(input), &output);
  atomic_store(&done, true);
  CHECK_EQUAL(CRM_STATUS_INTERRUPTED, status);
  CHECK_ERROR(&output, "storage.interrupted", NULL);
  free(input);
  return NULL;
}

static void an_interrupt_stops_a_long_call(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  atomic_store(&done, false);
  pthread_t thread;
  start(&thread, create_many, &session);
  /* An interrupt meets what runs at that moment, so it is repeated until it has met something. */
  while (!atomic_load(&done)) {
    pause_ms(20);
    CHECK_EQUAL(CRM_STATUS_OK, crm_interrupt(database, NULL));
  }
  join(thread);
  CHECK_EQUAL(0, number(session, "organisation.count", ""));
  /* With nothing running, an interrupt does nothing. */
  CHECK_EQUAL(CRM_STATUS_OK, crm_interrupt(database, NULL));
  run(session, "organisation.create", "{\"name\":\"Acme GmbH\"}");
  close_all(database);
}

static atomic_llong fetched;

/* Adds up how many entries it is told of until the stream is closed. */
static void *follow(void *argument) {
  crm_events_t events = *(crm_events_t *)argument;
  for (;;) {
    crm_buffer output = EMPTY;
    int32_t status = crm_events_next(events, CRM_FOREVER, &output);
    if (status != CRM_STATUS_OK) {
      CHECK_EQUAL(CRM_STATUS_CLOSED, status);
      CHECK_ERROR(&output, "surface.handle", NULL);
      return NULL;
    }
    long long first = 0, last = -1;
    CHECK_EQUAL(2, sscanf(text_of(&output), "{\"first\":%lld,\"last\":%lld}", &first, &last));
    crm_buffer_free(&output);
    atomic_fetch_add(&fetched, last - first + 1);
  }
}

static void events_reach_the_threads_that_wait(void) {
  crm_db_t database = open_memory();
  crm_session_t session = session_on(database);
  crm_events_t events = 0;
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_open(database, &events, NULL));
  pthread_t followers[3], writers[THREADS];
  atomic_store(&fetched, 0);
  for (int i = 0; i < 3; i++) start(&followers[i], follow, &events);
  for (int i = 0; i < THREADS; i++) start(&writers[i], create_and_count, &session);
  for (int i = 0; i < THREADS; i++) join(writers[i]);
  double patience = seconds() + 20;
  while (atomic_load(&fetched) < THREADS * CALLS && seconds() < patience) pause_ms(5);
  /* Each entry once, to one of them. */
  CHECK_EQUAL(THREADS * CALLS, atomic_load(&fetched));
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_close(events, NULL));
  for (int i = 0; i < 3; i++) join(followers[i]);
  close_all(database);
}

static void closing_a_database_wakes_who_waits_for_events(void) {
  crm_db_t database = open_memory();
  crm_events_t events = 0;
  CHECK_EQUAL(CRM_STATUS_OK, crm_events_open(database, &events, NULL));
  pthread_t follower;
  start(&follower, follow, &events);
  pause_ms(30);
  close_all(database);
  join(follower);
}

static crm_buffer handed_over;

static void *free_it(void *argument) {
  crm_buffer_free(argument);
  return NULL;
}

static void a_buffer_is_freed_by_another_thread(void) {
  pthread_t thread;
  CHECK_EQUAL(CRM_STATUS_OK, crm_schema_json(&handed_over));
  start(&thread, free_it, &handed_over);
  join(thread);
  CHECK(handed_over.data == NULL);
}

int main(void) {
  RUN(calls_run_side_by_side_in_one_session);
  RUN(a_database_closes_under_running_calls);
  RUN(a_session_closes_under_running_calls);
  RUN(of_many_closes_one_succeeds);
  RUN(a_database_closes_while_sessions_open);
  RUN(an_interrupt_stops_a_long_call);
  RUN(events_reach_the_threads_that_wait);
  RUN(closing_a_database_wakes_who_waits_for_events);
  RUN(a_buffer_is_freed_by_another_thread);
  printf("%d passed\n", tests_run);
  return 0;
}
