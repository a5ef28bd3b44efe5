/* How many sessions are where, as a gateway tells it to the others: see docs/gateway.md. */
#ifndef SEGUE_GATEWAY_CENSUS_H
#define SEGUE_GATEWAY_CENSUS_H

#include "base/text.h"
#include "gateway/shared.h"

/* Appends JSON: {"versions": {NAME: sessions}, "staying": {REASON: sessions}, …}. From any thread while the workers live. */
void census_write(struct shared *shared, struct text *out);

#endif
