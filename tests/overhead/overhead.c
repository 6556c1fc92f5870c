/* What calls cost through the C ABI: prints "operation microseconds" for each, the tenth of the rounds that is quickest, so
   that what else the machine does is not in it. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crm.h"

enum { ROUNDS = 100, PEOPLE = 500 };

static crm_session_t session;

static crm_buffer call(const char *operation, const char *input) {
  crm_buffer out = {0};
  if (crm_call(session, operation, strlen(operation), input, strlen(input), &out) != 0) {
    fprintf(stderr, "%s failed: %.*s\n", operation, (int)out.length, (const char *)out.data);
    exit(1);
  }
  return out;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void measure(const char *name, const char *operation, const char *input, int calls) {
  double rounds[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    double begin = now();
    for (int i = 0; i < calls; i++) {
      crm_buffer out = call(operation, input);
      crm_buffer_free(&out);
    }
    rounds[round] = (now() - begin) / calls;
  }
  qsort(rounds, ROUNDS, sizeof *rounds, ascending);
  printf("%s %.2f\n", name, rounds[ROUNDS / 10]);
}

int main(void) {
  crm_db_t database = 0;
  crm_buffer out = {0};
  if (crm_open(NULL, 0, &database, &out) != 0 || crm_session_open(database, NULL, 0, &session, &out) != 0) return 1;
  for (int n = 0; n < PEOPLE; n++) {
    char input[256];
    snprintf(input, sizeof input,
             "{\"given_name\": \"Ada\", \"family_name\": \"Lovelace %d\", \"emails\": [{\"address\": \"ada%d@example.com\"}], "
             "\"tags\": [\"analyst\"]}",
             n, n);
    out = call("person.create", input);
    crm_buffer_free(&out);
  }
  out = call("person.list", "{\"limit\": 1}");
  char get[64] = "";
  const char *id = strstr((const char *)out.data, "\"id\":\"");
  if (!id) return 1;
  snprintf(get, sizeof get, "{\"id\":\"%.36s\"}", id + 6);
  crm_buffer_free(&out);

  measure("person.get", "person.get", get, 50);
  measure("person.count", "person.count", "{}", 50);
  measure("person.list.50", "person.list", "{\"limit\": 50}", 5);
  measure("person.list.500", "person.list", "{\"limit\": 500}", 1);
  return crm_close(database, &out);
}
