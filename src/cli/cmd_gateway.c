/* segue gateway: stands between applications and the server. */
#include <stdio.h>

#include "cli/gateway_settings.h"
#include "cli/open.h"

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

static bool run(struct invocation *call, struct error *err)
{
    struct gateway_settings settings;
    if (!gateway_settings_read(call, &settings, err))
        return false;
    bool other = settings.url != call->url;
    call->url = settings.url;
    call->json = settings.events.json;
    if ((other && !engine_for_url(call->url, &call->engine, err)) ||
        !locate_server(call, &settings.server, err))
        return false;
    settings.engine = call->engine;
    return gateway_run(&settings, say_ready, &settings, err);
}

static const struct command_option options[] = {
    {.name = "listen",
     .value = "HOST:PORT",
     .help =
         "Where clients connect: an address and a port, or a directory and a port for a socket as PostgreSQL names it. May be given several times.",
     .repeated = true},
    {.name = "config",
     .value = "FILE",
     .help =
         "Settings, and rules by which sessions are put on versions, as TOML: the options' names are its keys. What is given here wins. SIGHUP reads it anew.",
     .kind = VALUE_FILE},
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
    {.name = "breaker-p99",
     .value = "PERCENT",
     .help =
         "By how much its p99 may be longer, of a thousand answers each and beyond what chance explains. 0: by any.",
     .fallback = "0"},
    {.name = "breaker-lag",
     .value = "SECONDS|BYTES",
     .help =
         "How far a streaming replica may be behind while a new version has sessions: 10s, or 64MB of the server's log; beyond it for three seconds all sessions go back. 0: as far as it is.",
     .fallback = "0"},
    {.name = "breaker-probe",
     .value = "TIME",
     .help =
         "After how long a version that was left is tried again with few sessions; each time in vain doubles it, up to an hour. 0: never by itself.",
     .fallback = "30s"},
    {.name = "breaker-differences",
     .value = "PERCENT",
     .help =
         "How many of a new version's answers that --compare has compared may differ; beyond it all sessions go back. 100: as many as there are.",
     .fallback = "100"},
    {.name = "compare",
     .value = "PERCENT",
     .help =
         "Asks so many of the reads once more, of both versions and off the clients' path, and compares the answers, as the clients' roles.",
     .fallback = "0"},
    {.name = "compare-role",
     .value = "ROLE",
     .help =
         "With whose sessions it does; without it, with those of the role of --url. It must be a member of the clients' roles, and no superuser."},
    {.name = "compare-share",
     .value = "PERCENT",
     .help = "How much of one session's time that may take, at most.",
     .fallback = "5"},
    {.name = "compare-ignore",
     .value = "COLUMNS",
     .help = "Columns of results that may differ, with commas between them."},
    {.name = "compare-values",
     .help = "Logs the values that differ. Without it, the names of their columns and a hash of the row."},
    {.name = "keep-statements",
     .help = "Keeps statements in the database, without their values, for segue compare."},
    {.name = "retries",
     .value = "N",
     .help =
         "How often one statement in a transaction of its own is made again, unseen, when it met a deadlock, could not be serialised, or its plan did not fit the schema any more. Never more than a tenth of all requests. 0: never.",
     .fallback = "2"},
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
    {.name = "shadow",
     .value = "URL",
     .help =
         "A second database in which every transaction that has written is done again, in the order in which they were committed; clients see nothing of it. Needs --shadow-queue."},
    {.name = "shadow-queue",
     .value = "DIR",
     .help =
         "Folder for the transactions that wait to be done there, of this gateway alone; made where it is not there.",
     .kind = VALUE_DIRECTORY},
    {.name = "shadow-max",
     .value = "MB",
     .help = "Megabytes that the queue may have; what comes when it is full is not mirrored, and counted.",
     .fallback = "1024"},
    {.name = "shadow-sync",
     .help = "Has the queue outlast a failure of the machine, all but its last tenth of a second."},
    {.name = "console",
     .value = "DIR:PORT",
     .help =
         "Where the console listens, for the gateway's own user and root: psql -h DIR -p PORT, then SHOW HELP."},
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
    {"segue gateway --config /etc/segue/gateway.toml", "Everything is in the file."},
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
