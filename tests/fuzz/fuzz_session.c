/*
 * Any bytes of clients and of the server, in any order, on the connections of a gateway that moves sessions, puts reads beside them, makes requests again
 * and holds them back. What the server is sent are messages, whatever the client says; when all have hung up, nothing of them is left. An
 * input is a list of steps: what is done, how many bytes it is done with, and they. Built and run by script/fuzz session.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/breaker.h"
#include "gateway/client.h"
#include "gateway/hold.h"
#include "wire/startup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern const struct engine fuzz_engine; /* fuzz_engine.c */

enum {
    CLIENTS = 2,
    SERVERS = 8, /* connections to the server in one input; more are closed */
    STEPS_MAX = 64,
    ROUTES = 4,
    LONG_US = 3600000000U
};

/* The server's end of a connection. */
struct end {
    int fd;
    struct text begun; /* up to the end of its startup packet */
    bool started;
    struct wire_reader reader;
};

static struct world {
    struct shared shared;
    struct worker worker;
    struct routes *routes[ROUTES];
    int listener;
    int clients[CLIENTS];
    struct end servers[SERVERS];
    size_t n_servers;
} world;

static void expect(int holds, const char *promise)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", promise);
    abort();
}

/* --- What there is around a worker --- */

static struct gateway_settings settings = {.engine = &fuzz_engine,
                                           .schema = "public",
                                           .retries = 2,
                                           .workers = 1,
                                           .clients_max = CLIENTS,
                                           .startup_seconds = 60,
                                           .message_max = 1 << 20,
                                           .breaker_errors = 100,
                                           .breaker_p95 = 1e6,
                                           .server.name = "server",
                                           .server.database = "shop"};

static void make_routes(unsigned i, double share, double reads)
{
    struct gateway_version versions[] = {
        {.name = "public_old", .breaker = "closed"},
        {.name = "public_new", .share = share, .reads = reads, .breaker = "closed"}};
    struct gateway_path paths[] = {{"", "public_old", "public_old, public"},
                                   {"", "public_new", "public_new, public"}};
    const struct gateway_view view = {versions, SEGUE_COUNT(versions), paths, SEGUE_COUNT(paths), i};
    world.routes[i] = routes_new(world.shared.versions, "shop", &view, NULL, 0);
}

static void listen_as_server(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = sizeof(sa_family_t); /* the system finds a name */
    world.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    expect(bind(world.listener, (struct sockaddr *)&address, length) == 0 && listen(world.listener, 16) == 0,
           "a socket");
    settings.server.length = sizeof settings.server.address;
    expect(getsockname(world.listener, (struct sockaddr *)&settings.server.address,
                       &settings.server.length) == 0,
           "its name");
}

static void begin(void)
{
    struct error err;
    struct shared *shared = &world.shared;
    shared->settings = &settings;
    shared->keys = keys_new();
    shared->versions = versions_new();
    shared->verifiers = verifiers_new();
    shared->wake = eventfd(0, EFD_NONBLOCK);
    (void)pthread_mutex_init(&shared->lock, NULL);
    make_routes(0, 0, 0);
    make_routes(1, 100, 0);
    make_routes(2, 0, 100);
    make_routes(3, 50, 100);
    shared->routes = routes_hold(world.routes[0]);
    expect(worker_open(&world.worker, shared, &err), "a loop");
    shared->workers = &world.worker;
    shared->n_workers = 1;
    expect(breaker_start(shared, &shared->breaker, &err), "a breaker");
    listen_as_server();
}

/* --- Steps --- */

static void connect_client(unsigned i)
{
    int ends[2];
    expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0, "sockets");
    world.clients[i] = ends[0];
    worker_give(&world.worker, ends[1]);
}

static void take_servers(void)
{
    for (int fd; (fd = accept4(world.listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        if (world.n_servers < SERVERS)
            world.servers[world.n_servers++] = (struct end){.fd = fd};
        else
            (void)close(fd);
    }
}

static void hear(struct end *end, const char *data, size_t n)
{
    struct wire_piece piece;
    if (!end->started) {
        struct wire_startup startup;
        size_t length;
        text_append_n(&end->begun, data, n);
        enum wire_result result = wire_startup_read(end->begun.data, end->begun.length, &startup, &length);
        expect(result != WIRE_BROKEN, "the server is sent a startup packet");
        if (result != WIRE_PIECE)
            return;
        end->started = true;
        hear(end, end->begun.data + length, end->begun.length - length);
        return;
    }
    enum wire_result result;
    while ((result = wire_next(&end->reader, &data, &n, &piece)) == WIRE_PIECE) {
    }
    expect(result == WIRE_USED_UP, "the server is sent messages");
}

static void run(void)
{
    char buffer[65536];
    for (unsigned i = 0; i < 3; i++) {
        (void)uv_run(&world.worker.loop, UV_RUN_NOWAIT);
        take_servers();
    }
    for (unsigned i = 0; i < CLIENTS; i++)
        while (world.clients[i] >= 0 && recv(world.clients[i], buffer, sizeof buffer, 0) > 0) {
        }
    for (size_t i = 0; i < world.n_servers; i++)
        for (ssize_t n;
             world.servers[i].fd >= 0 && (n = recv(world.servers[i].fd, buffer, sizeof buffer, 0)) > 0;)
            hear(&world.servers[i], buffer, (size_t)n);
}

static void hang_up(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* Whoever has the key of the first session asks to cancel its query. */
static void cancel(void)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const struct client *client = world.worker.clients;
    while (client && client->key.pid == 0)
        client = client->next;
    if (!client)
        return;
    wire_put_cancel(&out, client->key.pid, (const char *)client->key.secret, client->key.n_secret);
    hang_up(&world.clients[1]);
    connect_client(1);
    (void)send(world.clients[1], out.data, out.length, MSG_NOSIGNAL);
}

static void tick(void)
{
    struct error err = {0};
    struct client *next;
    expect(verifiers_fetch(&world.shared, NULL, &err), "verifiers");
    for (struct client *client = world.worker.clients; client; client = next) {
        next = client->next;
        client->stays_until_us = 0;
        client_tick(client, clock_us());
        move_go_on(client);
        relay_held(client);
    }
}

/* What has been set for all is as at the beginning. */
static void reset(void)
{
    struct shared *shared = &world.shared;
    shared->watched = false;
    atomic_store(&shared->tripped, 0);
    world.worker.retry_credit = 100;
    world.worker.random = 1;
    hold_until(shared, HOLD_OF_OPERATOR, 0);
    shared_set_routes(shared, routes_hold(world.routes[0]));
}

static void say(int fd, const uint8_t *data, size_t n)
{
    if (fd >= 0)
        (void)send(fd, data, n, MSG_NOSIGNAL);
}

static void step(char what, const uint8_t *data, size_t n)
{
    unsigned which = n > 0 ? data[0] : 0;
    struct shared *shared = &world.shared;
    switch (what) {
    case 'c': say(world.clients[0], data, n); break;
    case 'C': say(world.clients[1], data, n); break;
    case 'K': cancel(); break;
    case 's': /* the server, on its connection of that number */
        if (n > 0 && which % SERVERS < world.n_servers)
            say(world.servers[which % SERVERS].fd, data + 1, n - 1);
        break;
    case 'X':
        if (which % SERVERS < world.n_servers)
            hang_up(&world.servers[which % SERVERS].fd);
        break;
    case 'x': hang_up(&world.clients[which % CLIENTS]); break;
    case 'e': (void)shutdown(world.clients[0], SHUT_WR); break;
    case 'r': shared_set_routes(shared, routes_hold(world.routes[which % ROUTES])); break;
    case 'h': hold_until(shared, HOLD_OF_OPERATOR, which ? clock_us() + LONG_US : 0); break;
    case 't': tick(); break;
    case 'b': /* a version is left */
        atomic_store(&shared->leaving_until_us, clock_us() + LONG_US);
        atomic_store(&shared->tripped, which % 4);
        break;
    default: return;
    }
    run();
}

static void end(void)
{
    for (unsigned i = 0; i < CLIENTS; i++)
        hang_up(&world.clients[i]);
    for (size_t i = 0; i < world.n_servers; i++) {
        hang_up(&world.servers[i].fd);
        text_free(&world.servers[i].begun);
    }
    for (unsigned i = 0; i < 10 && atomic_load(&world.worker.n_clients) > 0; i++)
        run();
    for (size_t i = 0; i < world.n_servers; i++) {
        hang_up(&world.servers[i].fd);
        text_free(&world.servers[i].begun);
    }
    world.n_servers = 0;
    expect(atomic_load(&world.worker.n_clients) == 0 && !world.worker.clients, "every client is forgotten");
    expect(atomic_load(&world.shared.sessions) == 0 && world.worker.n_moving == 0, "no session is counted");
    for (unsigned i = 0; i < 2; i++)
        expect(atomic_load(&versions_at(world.shared.versions, i)->sessions) == 0 &&
                   atomic_load(&versions_at(world.shared.versions, i)->readers) == 0,
               "no session of a version is counted");
    statements_free(&world.worker.statements);
    memset(&world.worker.statements, 0, sizeof world.worker.statements);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 3 }; /* a step: what, and two bytes of how many */
    if (!world.worker.shared)
        begin();
    if (size == 0)
        return 0;
    reset();
    world.shared.watched = data[0] & 1;
    for (unsigned i = 0; i < CLIENTS; i++)
        connect_client(i);
    run();
    size_t at = 1;
    for (unsigned i = 0; i < STEPS_MAX && size - at >= HEAD; i++) {
        size_t n = (size_t)data[at + 1] << 8 | data[at + 2];
        size_t left = size - at - HEAD;
        n = n < left ? n : left;
        step((char)data[at], data + at + HEAD, n);
        at += HEAD + n;
    }
    reset();
    end();
    return 0;
}
