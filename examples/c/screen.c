#include "screen.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *RULE = "────────────────────────────────────────────────────────────────────────────────────────────";

/* Prints an amount such as {"amount": "148500.00", "currency": "EUR"} with its thousands apart, in 18 columns. */
static void print_money(json_t *money) {
  const char *amount = json_is_null(money) || !money ? "0.00" : text_of(money, "amount");
  size_t whole = strcspn(amount, ".");
  char shown[48];
  size_t length = 0;
  for (size_t i = 0; amount[i] && length + 2 < sizeof shown; i++) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) shown[length++] = ' ';
    shown[length++] = amount[i];
  }
  shown[length] = 0;
  printf("%14s %s", shown, money && !json_is_null(money) ? text_of(money, "currency") : "EUR");
}

void screen_customer(const host *host, const char *customer) {
  json_t *record = host_call(host, "organisation.get", "{s:s}", "id", customer);
  json_t *address = json_array_get(json_object_get(record, "addresses"), 0);
  json_t *phone = json_array_get(json_object_get(record, "phones"), 0);
  printf("Order 4711 · %s · %s, %s %s · tel. %s\n%s\n", text_of(record, "name"), text_of(address, "street"),
         text_of(address, "postal_code"), text_of(address, "locality"), text_of(phone, "number"), RULE);
  json_decref(record);
}

void screen_open_deals(const host *host, const char *customer) {
  /* Filters reach through links; a value in double quotes is the same for every type. */
  char filter[128];
  snprintf(filter, sizeof filter, "organisation = \"%s\" and stage.stage_type = \"open\"", customer);

  printf("%-32s %-15s %-16s %-10s %18s\n", "Open deals", "Stage", "Contact", "Close", "Amount");
  json_t *page = host_call(host, "deal.list", "{s:s, s:[s], s:i}", "filter", filter, "sort", "expected_close_date", "limit",
                           100);
  size_t at;
  json_t *deal;
  json_array_foreach(json_object_get(page, "records"), at, deal) {
    json_t *stage = host_call(host, "stage.get", "{s:s}", "id", text_of(deal, "stage"));
    json_t *person = host_call(host, "person.get", "{s:s}", "id", text_of(deal, "person"));
    char name[64];
    snprintf(name, sizeof name, "%s %s", text_of(person, "given_name"), text_of(person, "family_name"));
    printf("%-32s %-15s %-16s %-10s ", text_of(deal, "name"), text_of(stage, "name"), name,
           text_of(deal, "expected_close_date"));
    print_money(json_object_get(deal, "amount"));
    printf("\n");
    json_decref(stage);
    json_decref(person);
  }
  json_decref(page);

  /* The engine adds up, exactly and per currency; nothing is summed in floating point here. */
  json_t *groups = host_call(host, "deal.group", "{s:s, s:[{s:s}, {s:s, s:s}, {s:s, s:s, s:s}]}", "filter", filter,
                             "measures", "measure", "count", "measure", "sum", "of", "amount", "measure", "weighted", "of",
                             "amount", "weight", "stage.probability");
  json_t *measures = json_object_get(json_array_get(json_object_get(groups, "rows"), 0), "measures");
  char title[64];
  snprintf(title, sizeof title, "Sum of %lld deals", (long long)json_integer_value(json_array_get(measures, 0)));
  printf("%-76s ", title);
  print_money(json_array_get(measures, 1));
  printf("\n%-76s ", "Weighted by the probability of their stages");
  print_money(json_array_get(measures, 2));
  printf("\n%s\n", RULE);
  json_decref(groups);
}

void screen_addresses(const host *host, const char *customer) {
  printf("%-19s %-34s %s\n", "May be mailed?", "Address", "What is known of it");
  json_t *members = host_call(host, "organisation.people", "{s:s}", "id", customer);
  size_t at, place;
  json_t *member, *email;
  json_array_foreach(json_object_get(members, "members"), at, member) {
    json_t *person = host_call(host, "person.get", "{s:s}", "id", text_of(member, "person"));
    json_array_foreach(json_object_get(person, "emails"), place, email) {
      bool invalid = json_is_true(json_object_get(email, "invalid"));
      bool verified = json_is_true(json_object_get(email, "verified"));
      printf("%-19s %-34s %s\n", text_of(member, "name"), text_of(email, "address"),
             invalid    ? "✗ does not work, mail came back"
             : verified ? "✓ works, and belongs to the contact"
                        : "✓ not known to fail");
    }
    json_decref(person);
  }
  json_decref(members);
  printf("Only whether an address works is known here. Whether somebody agreed to advertising is not: this\n"
         "version of the engine has no consents yet. Mail about the order itself needs none.\n%s\n",
         RULE);
}
