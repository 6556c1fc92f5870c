/*
 * The order screen of an ERP, with the CRM inside: a customer's open deals, their sums, and who may be mailed.
 *
 *   order_screen [FILE]      FILE is the database, made when it does not exist; order_screen.db otherwise
 */
#include <stdio.h>

#include "host.h"
#include "sample.h"
#include "screen.h"

int main(int count, char **arguments) {
  host host = host_open(count > 1 ? arguments[1] : "order_screen.db");
  json_t *there = host_call(&host, "organisation.count", "{}");
  if (json_integer_value(there) > 0) {
    fprintf(stderr, "The database has customers already; the example begins with an empty one.\n");
    host_close(&host);
    return 2;
  }
  json_decref(there);
  sample sample = sample_load(&host);

  screen_customer(&host, sample.customer);
  screen_open_deals(&host, sample.customer);
  screen_addresses(&host, sample.customer);

  printf("\nThe order is saved, and wins its deal.\n\n");
  host_run(&host, "deal.move_to", "{s:s, s:s}", "deal", sample.ordered_deal, "stage", sample.won_stage);
  screen_open_deals(&host, sample.customer);
  host_close(&host);
  return 0;
}
