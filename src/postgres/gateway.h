/* What a gateway asks of PostgreSQL. See engine/gateway.h. */
#ifndef SEGUE_POSTGRES_GATEWAY_H
#define SEGUE_POSTGRES_GATEWAY_H

#include "engine/gateway.h"

extern const struct gateway_engine pg_gateway;

#endif
