/*
 * Any bytes of somebody at a gateway's console, in parts and while it waits: what is answered are messages, and when it has hung up, nothing of it is
 * left. An input is a list of parts: how many bytes, and they; 0: time passes. Built and run by script/fuzz console.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/breaker.h"
#include "gateway/console_internal.h"
#include "gateway/replicas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern const struct engine fuzz_engine; /* fuzz_engine.c */

static struct shared shared;
static struct console console;

static void expect(int holds, const char *promise)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", promise);
    abort();
}

static bool reread(const struct gateway_settings *now, const struct gateway_settings **out,
                   struct text *fixed, struct error *err)
{
    (void)fixed;
    (void)err;
    *out = now;
    return true;
}

static void tell(const struct gateway_settings *settings,
                 void (*each)(void *context, const char *name, const char *value, bool reloads),
                 void *context)
{
    each(context, "schema", settings->schema, false);
    each(context, "idle-timeout", NULL, true);
}

static const struct gateway_settings settings = {
    .engine = &fuzz_engine, .schema = "public", .reread = reread, .tell = tell, .workers = 1};

static void never(uv_async_t *async)
{
    (void)async;
}

/* A console without a thread, of a gateway that has no sessions. */
static void begin(void)
{
    struct error err;
    struct gateway_version versions[] = {{.name = "public_old", .breaker = "closed"},
                                         {.name = "public_new", .share = 5, .breaker = "closed"}};
    const struct gateway_view view = {.versions = versions, .n_versions = SEGUE_COUNT(versions)};
    shared.settings = &settings;
    shared.versions = versions_new();
    shared.routes = routes_new(shared.versions, "shop", &view, NULL, 0);
    shared.replicas = replicas_new();
    (void)pthread_mutex_init(&shared.lock, NULL);
    (void)pthread_mutex_init(&shared.reload_lock, NULL);
    expect(breaker_start(&shared, &shared.breaker, &err), "a breaker");
    console.shared = &shared;
    console.ending = true; /* SHUTDOWN would be a signal to this process */
    expect(uv_loop_init(&console.loop) == 0 && uv_async_init(&console.loop, &console.wake, never) == 0 &&
               uv_timer_init(&console.loop, &console.tick) == 0,
           "a loop");
    console.tick.data = console.wake.data = &console;
}

/* What was said so far: letters without length answer requests for encryption, all else are messages. */
struct heard {
    struct wire_reader reader;
    bool begun;
};

static void hear(int fd, struct heard *heard)
{
    char buffer[65536];
    for (unsigned i = 0; i < 3; i++)
        (void)uv_run(&console.loop, UV_RUN_NOWAIT);
    for (ssize_t got; (got = recv(fd, buffer, sizeof buffer, 0)) > 0;) {
        struct wire_piece piece;
        const char *at = buffer;
        size_t n = (size_t)got;
        enum wire_result result;
        for (; !heard->begun && n > 0 && *at == 'N'; at++)
            n--;
        heard->begun = heard->begun || n > 0;
        while ((result = wire_next(&heard->reader, &at, &n, &piece)) == WIRE_PIECE) {
        }
        expect(result == WIRE_USED_UP, "it answers in messages");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    struct heard heard = {0};
    if (!console.shared)
        begin();
    expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0, "sockets");
    caller_new(&console, ends[1], NULL, NULL);
    for (size_t at = 0; at < size;) {
        size_t n = data[at++];
        if (n == 0)
            pause_look(&console);
        n = n < size - at ? n : size - at;
        (void)send(ends[0], data + at, n, MSG_NOSIGNAL);
        at += n;
        hear(ends[0], &heard);
    }
    (void)close(ends[0]);
    for (unsigned i = 0; i < 5; i++)
        (void)uv_run(&console.loop, UV_RUN_NOWAIT);
    for (size_t i = 0; i < CALLERS_MAX; i++)
        expect(!console.callers[i], "it is forgotten");
    expect(!console.pause.waiter, "nobody waits");
    console.pause.until_us = 0;
    pause_look(&console);
    expect(!console.pause.on, "a pause ends with its time");
    return 0;
}
