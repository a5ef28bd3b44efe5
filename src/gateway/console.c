#include "gateway/console.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/console_internal.h"

enum {
    TICK_MS = 1000,
    PAUSE_TICK_MS = 20 /* while sessions are paused: the end of the last transaction is seen so late */
};

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct console *console = poll->data;
    (void)status;
    (void)events;
    int fd = accept4(console->socket.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (listen_peer_is_ours(fd))
        caller_new(console, fd, NULL, NULL);
    else
        caller_new(console, fd, "28000",
                   "segue gateway: the console is for the user that the gateway runs as, and for root");
}

static void on_tick(uv_timer_t *timer)
{
    struct console *console = timer->data;
    int64_t now = clock_us();
    pause_look(console);
    for (size_t i = 0; i < CALLERS_MAX; i++)
        if (console->callers[i])
            caller_tick(console->callers[i], now);
}

void console_hurry(struct console *console, bool hurries)
{
    (void)uv_timer_start(&console->tick, on_tick, hurries ? PAUSE_TICK_MS : TICK_MS,
                         hurries ? PAUSE_TICK_MS : TICK_MS);
}

static void stop_listening(struct console *console)
{
    if (!console->listening)
        return;
    console->listening = false;
    (void)uv_poll_stop(&console->listener);
    uv_close((uv_handle_t *)&console->listener, NULL);
    console_socket_close(&console->socket);
}

static void on_wake(uv_async_t *async)
{
    struct console *console = async->data;
    if (atomic_load(&console->leave) || atomic_load(&console->stop))
        stop_listening(console);
    if (!atomic_load(&console->stop) || uv_is_closing((uv_handle_t *)&console->tick))
        return;
    for (size_t i = 0; i < CALLERS_MAX; i++)
        if (console->callers[i])
            caller_drop(console->callers[i]);
    uv_close((uv_handle_t *)&console->tick, NULL);
    uv_close((uv_handle_t *)&console->wake, NULL);
}

static void *run(void *argument)
{
    struct console *console = argument;
    (void)uv_run(&console->loop, UV_RUN_DEFAULT);
    return NULL;
}

static void remember(struct console *console, const struct listeners *listeners)
{
    for (size_t i = 0; i < listeners->n; i++) {
        struct listener copy = listeners->items[i];
        copy.fd = -1;
        listeners_put(&console->listeners, &copy);
    }
}

static bool begin(struct console *console, struct error *err)
{
    int failed = uv_loop_init(&console->loop);
    if (failed)
        return error_set(err, ERROR_RESOURCE, "no event loop: %s", uv_strerror(failed));
    (void)uv_async_init(&console->loop, &console->wake, on_wake);
    (void)uv_timer_init(&console->loop, &console->tick);
    (void)uv_poll_init(&console->loop, &console->listener, console->socket.fd);
    console->wake.data = console->tick.data = console->listener.data = console;
    console_hurry(console, false);
    (void)uv_poll_start(&console->listener, UV_READABLE, on_connection);
    console->listening = true;
    failed = pthread_create(&console->thread, NULL, run, console);
    return !failed || error_set(err, ERROR_RESOURCE, "no thread: %s", strerror(failed));
}

bool console_start(struct shared *shared, const char *spec, const struct listeners *listeners, bool instead,
                   struct console **out, struct error *err)
{
    struct console *console = memory_alloc(sizeof *console);
    *out = console;
    console->shared = shared;
    console->began_us = clock_us();
    remember(console, listeners);
    return console_socket_open(spec, instead, &console->socket, err) && begin(console, err);
}

void console_leave(struct console *console)
{
    atomic_store(&console->leave, true);
    (void)uv_async_send(&console->wake);
}

void console_stop(struct console *console)
{
    if (!console)
        return;
    atomic_store(&console->stop, true);
    if (console->thread) {
        (void)uv_async_send(&console->wake);
        (void)pthread_join(console->thread, NULL);
        (void)uv_loop_close(&console->loop);
    }
    console_socket_close(&console->socket);
    free(console->listeners.items);
    free(console);
}
