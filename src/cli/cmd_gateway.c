/* segue gateway: stands between applications and the server. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "gateway/gateway.h"

enum { WORKERS_MAX = 256, CLIENTS_MAX = 1000000, MESSAGE_MIN = 64 };

static void say_ready(void *context, const char *where)
{
    const struct gateway_settings *settings = context;
    struct event event;
    if (settings->events.json) {
        event_begin(&event, &settings->events, EVENT_ERROR,
                    "listen"); /* whatever the level: others wait for it */
        event_text(&event, "where", where);
        event_end(&event);
        return;
    }
    printf("listening on %s\n", where);
    (void)fflush(stdout);
}

static bool locate_server(const struct invocation *call, struct gateway_server *out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    return call_open(call, "segue gateway", false, &session, err) &&
           call->engine->gateway->server(session, out, err);
}

static enum event_level level_of(const char *word)
{
    static const char *const words[] = {"error", "warning", "info", "debug"};
    size_t level = 0;
    while (level + 1 < SEGUE_COUNT(words) && strcmp(words[level], word) != 0)
        level++;
    return (enum event_level)level;
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
    double idle_ms = 0;
    double drain_ms = 0;
    long message_max = INT32_MAX;
    if (!given_duration_ms(call, "idle-timeout", 0, 3.2e10, &idle_ms, err) ||
        !given_duration_ms(call, "drain", 0, 8.64e7, &drain_ms, err) ||
        !given_long(call, "max-message", MESSAGE_MIN, INT32_MAX, &message_max, err))
        return false;
    if (!given_long(call, "workers", 1, WORKERS_MAX, &workers, err) ||
        !given_long(call, "max-clients", 1, CLIENTS_MAX, &clients, err) ||
        !given_duration_ms(call, "startup-timeout", 1, 3.6e6, &startup_ms, err) ||
        !locate_server(call, &settings.server, err))
        return false;
    settings.engine = call->engine;
    settings.url = call->url;
    settings.schema = call->schema;
    if (!given_double(call, "breaker-errors", 0, 100, &settings.breaker_errors, err) ||
        !given_double(call, "breaker-p95", 0, 1e6, &settings.breaker_p95, err))
        return false;
    settings.sticky = given(call, "sticky");
    settings.workers = (unsigned)workers;
    settings.clients_max = (unsigned)clients;
    settings.startup_seconds = startup_ms / 1000;
    settings.idle_seconds = idle_ms / 1000;
    settings.drain_seconds = drain_ms / 1000;
    settings.message_max = (uint32_t)message_max;
    settings.metrics = given_value(call, "metrics");
    settings.hand_over = given_value(call, "hand-over");
    settings.events =
        (struct event_settings){.level = level_of(given_value(call, "log-level")), .json = call->json};
    settings.tls = (struct tls_files){.certificate = given_value(call, "tls-cert"),
                                      .key = given_value(call, "tls-key"),
                                      .required = given(call, "tls-required")};
    return gateway_run(&settings, say_ready, &settings, err);
}

static const struct command_option options[] = {
    {.name = "listen",
     .value = "HOST:PORT",
     .help =
         "Where clients connect: an address and a port, or a directory and a port for a socket as PostgreSQL names it. May be given several times.",
     .repeated = true},
    {.name = "breaker-errors",
     .value = "PERCENT",
     .help =
         "How many of a new version's answers may be errors that a version can cause, above what the current version has; beyond it all sessions go back. 100: as many as there are.",
     .fallback = "0.5"},
    {.name = "breaker-p95",
     .value = "PERCENT",
     .help =
         "By how much a new version's p95 may be longer than the current one's; beyond it all sessions go back.",
     .fallback = "10"},
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
    {.name = "idle-timeout",
     .value = "TIME",
     .help =
         "Ends sessions that have asked nothing for so long and are in no transaction (57P05). 0: they may stay.",
     .fallback = "0"},
    {.name = "max-message",
     .value = "BYTES",
     .help = "Ends sessions that send a longer message (54000); without it, what the server takes."},
    {.name = "drain",
     .value = "TIME",
     .help =
         "At SIGTERM sessions end when they are between two transactions; those that are not there within this time are cut. A second SIGTERM cuts them at once.",
     .fallback = "30s"},
    {.name = "hand-over",
     .value = "PATH",
     .help =
         "Socket for upgrades: a gateway that is started with the same path takes over the listening sockets of the one that runs, and refuses no connection. The old one serves its sessions until they end.",
     .kind = VALUE_FILE},
    {.name = "metrics", .value = "HOST:PORT", .help = "Where metrics are told to Prometheus, at /metrics."},
    {.name = "log-level",
     .value = "LEVEL",
     .help = "What is logged on standard error; with --json, as JSON.",
     .fallback = "info",
     .kind = VALUE_WORDS,
     .words = "error warning info debug"},
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
