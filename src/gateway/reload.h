/* Settings, rules and certificates read anew while the gateway runs. */
#ifndef SEGUE_GATEWAY_RELOAD_H
#define SEGUE_GATEWAY_RELOAD_H

#include "gateway/shared.h"

/* From any thread. What cannot be used changes nothing; it is logged, and told in *err. Sessions go where new rules want them. */
bool reload(struct shared *shared, struct error *err) SEGUE_MUST_CHECK;

#endif
