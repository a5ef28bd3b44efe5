#include "gateway/metrics_http.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/listen.h"
#include "gateway/metrics.h"

enum { CONNECTIONS_MAX = 16, TIMEOUT_SECONDS = 10 };

struct metrics_http {
    const struct shared *shared;
    struct listeners listeners;
    struct MHD_Daemon *daemons[4]; /* one for each address of the host */
    size_t n_daemons;
};

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status, const struct text *text)
{
    SEGUE_CLEANUP(text_free) struct text copy = {0};
    text_append_n(&copy, text_string(text), text->length);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(copy.length, copy.data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                  "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *body, size_t *n_body,
                              void **state)
{
    const struct metrics_http *http = context;
    (void)version;
    (void)body;
    (void)state;
    if (*n_body > 0) { /* nothing is taken */
        *n_body = 0;
        return MHD_YES;
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, &out);
    if (strcmp(url, "/metrics") != 0)
        return send_text(connection, MHD_HTTP_NOT_FOUND, &out);
    metrics_write(http->shared, &out);
    return send_text(connection, MHD_HTTP_OK, &out);
}

bool metrics_http_start(const struct shared *shared, const char *where, bool together,
                        struct metrics_http **out, struct error *err)
{
    struct metrics_http *http = memory_alloc(sizeof *http);
    http->shared = shared;
    *out = http;
    if (!listeners_add(&http->listeners, where, together, err))
        return false;
    for (size_t i = 0; i < http->listeners.n && i < SEGUE_COUNT(http->daemons); i++) {
        struct MHD_Daemon *daemon = MHD_start_daemon(
            MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer, http, MHD_OPTION_LISTEN_SOCKET,
            http->listeners.items[i].fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_SECONDS, MHD_OPTION_END);
        if (!daemon)
            return error_set(err, ERROR_RESOURCE, "cannot serve metrics on %s", where);
        http->daemons[http->n_daemons++] = daemon;
        http->listeners.items[i].fd = -1; /* the daemon's */
    }
    return true;
}

void metrics_http_stop(struct metrics_http *http)
{
    if (!http)
        return;
    for (size_t i = 0; i < http->n_daemons; i++)
        MHD_stop_daemon(http->daemons[i]);
    listeners_close(&http->listeners);
    free(http);
}
