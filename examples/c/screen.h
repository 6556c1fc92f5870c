/* What stands on the order screen. */
#ifndef ORDER_SCREEN_SCREEN_H
#define ORDER_SCREEN_SCREEN_H

#include "host.h"

/* Prints who the customer is. */
void screen_customer(const host *host, const char *customer);

/* Prints the open deals of a customer and their sums. */
void screen_open_deals(const host *host, const char *customer);

/* Prints at which addresses the contacts of a customer may be reached. */
void screen_addresses(const host *host, const char *customer);

#endif
