/* The metrics over HTTP, from a thread of libmicrohttpd's: GET /metrics. */
#ifndef SEGUE_GATEWAY_METRICS_HTTP_H
#define SEGUE_GATEWAY_METRICS_HTTP_H

#include "base/error.h"

struct shared;
struct metrics_http;

/* Listens on HOST:PORT. `together`: a gateway that hands over to this one may still do so as well. ERROR_USAGE for what is no place, ERROR_RESOURCE for what cannot be had. */
bool metrics_http_start(const struct shared *shared, const char *where, bool together,
                        struct metrics_http **out, struct error *err) SEGUE_MUST_CHECK;
/* NULL is allowed. */
void metrics_http_stop(struct metrics_http *http);

#endif
