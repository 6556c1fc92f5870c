#include "sample.h"

#include <stdio.h>
#include <string.h>

static void keep(char key[37], json_t *record) { snprintf(key, 37, "%s", text_of(record, "id")); }

/* The stage of a pipeline with this key. Borrowed. */
static json_t *stage_of(json_t *pipeline, const char *key) {
  size_t at;
  json_t *stage;
  json_array_foreach(json_object_get(pipeline, "stages"), at, stage) {
    if (strcmp(text_of(stage, "key"), key) == 0) return stage;
  }
  return NULL;
}

static json_t *person(const host *host, const char *customer, const char *given, const char *family, const char *title,
                      json_t *email) {
  return host_call(host, "person.create", "{s:s, s:s, s:s, s:s, s:[o]}", "given_name", given, "family_name", family,
                   "job_title", title, "organisation", customer, "emails", email);
}

sample sample_load(const host *host) {
  sample made = {{0}, {0}, {0}};
  json_t *customer = host_call(
      host, "organisation.create", "{s:s, s:s, s:[{s:s, s:s, s:s, s:s}], s:[{s:s}]}", "name", "Nordwind Logistik GmbH",
      "industry", "Logistics", "addresses", "street", "Am Sandtorkai 4", "postal_code", "20457", "locality", "Hamburg",
      "country", "DE", "phones", "number", "040 30085300");
  keep(made.customer, customer);
  json_decref(customer);

  json_t *jana = person(host, made.customer, "Jana", "Petersen", "Head of fleet",
                        json_pack("{s:s, s:b}", "address", "jana.petersen@nordwind.example", "verified", 1));
  json_t *ole = person(host, made.customer, "Ole", "Hansen", "Purchasing",
                       json_pack("{s:s, s:b}", "address", "o.hansen@nordwind.example", "invalid", 1));
  json_t *mira = person(host, made.customer, "Mira", "Scholz", "Warehouse",
                        json_pack("{s:s}", "address", "mira.scholz@nordwind.example"));

  /* The engine knows the stages that most begin with; a host changes them at will. */
  json_t *template = host_call(host, "pipeline.template", "{s:s}", "name", "New business");
  json_t *pipeline = host_call(host, "pipeline.create_with_stages", "{s:O, s:O}", "pipeline",
                               json_object_get(template, "pipeline"), "stages", json_object_get(template, "stages"));
  json_decref(template);
  keep(made.won_stage, stage_of(pipeline, "won"));

  /* The stage Lost asks why. */
  json_t *price = host_call(host, "lost_reason.create", "{s:s}", "name", "Price");
  const struct {
    const char *name, *stage;
    json_t *contact;
    const char *amount, *close, *lost;
  } deals[] = {
      {"Forklifts for hall 3, 12 units", "negotiation", jana, "148500.00", "2026-12-04", NULL},
      {"Maintenance 2027", "proposal", jana, "36900.00", "2026-12-18", NULL},
      {"Racking, second building phase", "qualification", mira, "82250.50", "2027-02-26", NULL},
      {"Charging station, trial", "lost", ole, "5400.00", "2026-10-30", text_of(price, "id")},
  };
  for (size_t i = 0; i < sizeof deals / sizeof *deals; i++) {
    json_t *deal = host_call(host, "deal.create", "{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s*}", "name", deals[i].name,
                             "stage", text_of(stage_of(pipeline, deals[i].stage), "id"), "organisation", made.customer,
                             "person", text_of(deals[i].contact, "id"), "amount", "amount", deals[i].amount, "currency",
                             "EUR", "expected_close_date", deals[i].close, "lost_reason", deals[i].lost);
    if (i == 0) keep(made.ordered_deal, deal);
    json_decref(deal);
  }
  json_decref(price);
  json_decref(pipeline);
  json_decref(jana);
  json_decref(ole);
  json_decref(mira);
  return made;
}
