/* segue gateway: stands between applications and the server. */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "gateway/gateway.h"

enum { WORKERS_MAX = 256, CLIENTS_MAX = 1000000 };

static void say_ready(void *context, const char *where)
{
    (void)context;
    printf("listening on %s\n", where);
    (void)fflush(stdout);
}

static bool locate_server(const struct invocation *call, struct gateway_server *out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    return call_open(call, "segue gateway", false, &session, err) &&
           call->engine->gateway->server(session, out, err);
}

static bool run(struct invocation *call, struct error *err)
{
    long workers = sysconf(_SC_NPROCESSORS_ONLN);
    long clients = 0;
    double startup_ms = 0;
    struct gateway_settings settings = {0};
    settings.listen = given_values(call, "listen", &settings.n_listen);
    if (settings.n_listen == 0) {
        error_set(err, ERROR_USAGE, "gateway needs --listen HOST:PORT: where clients connect");
        return error_hint(err, "see: segue gateway --help");
    }
    if (!given(call, "tls-cert") != !given(call, "tls-key") ||
        (given(call, "tls-required") && !given(call, "tls-cert"))) {
        error_set(err, ERROR_USAGE, "TLS towards clients needs both --tls-cert and --tls-key");
        return error_hint(err, "see: segue gateway --help");
    }
    if (!given_long(call, "workers", 1, WORKERS_MAX, &workers, err) ||
        !given_long(call, "max-clients", 1, CLIENTS_MAX, &clients, err) ||
        !given_duration_ms(call, "startup-timeout", 1, 3.6e6, &startup_ms, err) ||
        !locate_server(call, &settings.server, err))
        return false;
    settings.engine = call->engine;
    settings.url = call->url;
    settings.schema = call->schema;
    settings.sticky = given(call, "sticky");
    settings.workers = (unsigned)workers;
    settings.clients_max = (unsigned)clients;
    settings.startup_seconds = startup_ms / 1000;
    settings.tls = (struct tls_files){.certificate = given_value(call, "tls-cert"),
                                      .key = given_value(call, "tls-key"),
                                      .required = given(call, "tls-required")};
    return gateway_run(&settings, say_ready, NULL, err);
}

static const struct command_option options[] = {
    {.name = "listen",
     .value = "HOST:PORT",
     .help =
         "Where clients connect: an address and a port, or a directory and a port for a socket as PostgreSQL names it. May be given several times.",
     .repeated = true},
    {.name = "sticky",
     .help =
         "Of a share of the sessions, all of one client address are on the same side; otherwise each is by itself."},
    {.name = "workers", .value = "N", .help = "Threads that move bytes; without it, one for each processor."},
    {.name = "max-clients",
     .value = "N",
     .help = "Clients at once; more are told that there are too many.",
     .fallback = "10000"},
    {.name = "startup-timeout",
     .value = "TIME",
     .help = "How long a client may take to say and prove who it is.",
     .fallback = "60s"},
    {.name = "tls-cert",
     .value = "FILE",
     .help =
         "Certificate that clients are shown (PEM, with those between it and its root); with it they may encrypt.",
     .kind = VALUE_FILE},
    {.name = "tls-key", .value = "FILE", .help = "Its private key.", .kind = VALUE_FILE},
    {.name = "tls-required",
     .help = "Refuses clients that do not encrypt, unless they come over a unix socket."},
    {0},
};

static const char *const description[] = {
    "Stands between applications and the server of --url, and speaks PostgreSQL's protocol with both. Who a client is, is settled between it and the server: the "
    "gateway needs no passwords of theirs.",
    "The server is spoken to as the connection of --url is: what sslmode, sslrootcert and their like ask for there holds for the connections of clients as well.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue gateway --listen 127.0.0.1:6432 --url postgresql://segue@db.internal/shop",
     "Applications connect to port 6432 as they would to the server."},
    {0},
};

const struct command command_gateway = {
    .name = "gateway",
    .summary = "stand between applications and the server",
    .options = options,
    .description = description,
    .examples = examples,
    .run = run,
};
