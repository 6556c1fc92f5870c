/* The sample: one customer, three contacts, one pipeline, four deals. */
#ifndef ORDER_SCREEN_SAMPLE_H
#define ORDER_SCREEN_SAMPLE_H

#include "host.h"

/* What the ERP keeps of the sample: the keys of the CRM, beside its own. */
typedef struct sample {
  char customer[37];
  /* The deal that the order of the screen settles. */
  char ordered_deal[37];
  char won_stage[37];
} sample;

/* Loads the sample into an empty database. */
sample sample_load(const host *host);

#endif
