/* Somebody at the console: how it begins, its simple queries, and when it is read. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/console_internal.h"
#include "wire/startup.h"

enum {
    GREETING_US = 10000000, /* to say who it is */
    LEAVING_US = 5000000,   /* for the last bytes to get out */
    BACKLOG_MAX = 65536     /* bytes that it does not take, before it is no longer listened to */
};

static void on_event(uv_poll_t *poll, int status, int events);

static void enter(struct caller *caller, enum caller_state state)
{
    caller->state = state;
    caller->since_us = clock_us();
}

static void on_closed(uv_handle_t *handle)
{
    struct caller *caller = handle->data;
    for (size_t i = 0; i < CALLERS_MAX; i++)
        if (caller->console->callers[i] == caller)
            caller->console->callers[i] = NULL;
    extended_forget(&caller->names, true);
    text_free(&caller->packet);
    text_free(&caller->script);
    free(caller);
}

void caller_drop(struct caller *caller)
{
    if (caller->state == CALLER_GONE)
        return;
    pause_give_up(caller, false);
    enter(caller, CALLER_GONE);
    stream_close(&caller->stream, on_closed);
}

/* Once all that was written is out. */
static void leave(struct caller *caller)
{
    if (caller->stream.failed || stream_backlog(&caller->stream) == 0)
        caller_drop(caller);
    else
        enter(caller, CALLER_LEAVING);
}

static void refuse(struct caller *caller, const char *sqlstate, const char *why)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    wire_put_error(&out, "FATAL", sqlstate, why, NULL);
    stream_write(&caller->stream, out.data, out.length);
    leave(caller);
}

static bool wants_more(const struct caller *caller)
{
    return caller->state == CALLER_GREETING ||
           (caller->state == CALLER_WORKING && caller->packet.length <= CALLER_PACKET &&
            stream_backlog(&caller->stream) < BACKLOG_MAX);
}

static void watch(struct caller *caller)
{
    if (caller->state == CALLER_GONE)
        return;
    caller->stream.reading = wants_more(caller);
    stream_watch(&caller->stream, on_event);
}

void caller_new(struct console *console, int fd, const char *sqlstate, const char *why)
{
    size_t place = 0;
    while (place < CALLERS_MAX && console->callers[place])
        place++;
    struct caller *caller = memory_alloc(sizeof *caller);
    caller->console = console;
    caller->status = 'I';
    caller->pid = ++console->last_pid;
    (void)getrandom(caller->secret, sizeof caller->secret, GRND_NONBLOCK);
    stream_open(&caller->stream, &console->loop, fd, caller);
    enter(caller, CALLER_GREETING);
    if (place < CALLERS_MAX)
        console->callers[place] = caller;
    else if (!why)
        why = "segue gateway: sorry, too many consoles already";
    if (why)
        refuse(caller, sqlstate ? sqlstate : "53300", why);
    watch(caller);
}

void caller_tick(struct caller *caller, int64_t now_us)
{
    int64_t age = now_us - caller->since_us;
    if ((caller->state == CALLER_GREETING && age > GREETING_US) ||
        (caller->state == CALLER_LEAVING && age > LEAVING_US))
        caller_drop(caller);
}

/* --- How it begins --- */

static void put_pair(struct text *out, const char *name, const char *value)
{
    size_t begun = wire_begin(out, 'S');
    wire_put_string(out, name);
    wire_put_string(out, value);
    wire_end(out, begun);
}

/* A later minor version of the protocol, or its options: what of it is not understood is said (NegotiateProtocolVersion). */
static void negotiate(const struct wire_startup *startup, struct text *out)
{
    static const char option[] = "_pq_.";
    SEGUE_CLEANUP(text_free) struct text names = {0};
    const char *name, *value;
    uint32_t n = 0;
    for (size_t at = 0; wire_startup_next(startup, &at, &name, &value);)
        if (strncmp(name, option, sizeof option - 1) == 0) {
            wire_put_string(&names, name);
            n++;
        }
    if (startup->code == WIRE_VERSION_3_0 && n == 0)
        return;
    size_t begun = wire_begin(out, 'v');
    wire_put_u32(out, WIRE_VERSION_3_0);
    wire_put_u32(out, n);
    text_append_n(out, text_string(&names), names.length);
    wire_end(out, begun);
}

/* Who may open the socket is whom it trusts, whatever name is given. */
static void welcome(struct caller *caller, const struct wire_startup *startup)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    negotiate(startup, &out);
    size_t begun = wire_begin(&out, 'R');
    wire_put_u32(&out, 0);
    wire_end(&out, begun);
    put_pair(&out, "server_version", "15.0 (segue gateway " SEGUE_VERSION ")");
    put_pair(&out, "server_encoding", "UTF8");
    put_pair(&out, "client_encoding", "UTF8");
    put_pair(&out, "DateStyle", "ISO, MDY");
    put_pair(&out, "IntervalStyle", "postgres");
    put_pair(&out, "TimeZone", "UTC");
    put_pair(&out, "integer_datetimes", "on");
    put_pair(&out, "standard_conforming_strings", "on");
    begun = wire_begin(&out, 'K');
    wire_put_u32(&out, caller->pid);
    text_append_n(&out, caller->secret, sizeof caller->secret);
    wire_end(&out, begun);
    wire_put_ready(&out, caller->status);
    stream_write(&caller->stream, out.data, out.length);
    enter(caller, CALLER_WORKING);
}

/* What another one waits for is called off. */
static void cancel(struct caller *caller, const struct wire_startup *request)
{
    struct console *console = caller->console;
    for (size_t i = 0; i < CALLERS_MAX; i++) {
        struct caller *other = console->callers[i];
        if (other && other->state == CALLER_WORKING && other->pid == request->pid &&
            request->n_secret == sizeof other->secret &&
            memcmp(other->secret, request->secret, sizeof other->secret) == 0)
            pause_give_up(other, true);
    }
    caller_drop(caller);
}

static void greet(struct caller *caller)
{
    struct wire_startup startup;
    size_t length;
    while (caller->state == CALLER_GREETING) {
        enum wire_result result =
            wire_startup_read(text_string(&caller->packet), caller->packet.length, &startup, &length);
        if (result == WIRE_USED_UP)
            return;
        if (result == WIRE_BROKEN)
            refuse(caller, "08P01", "segue gateway: this is no startup packet of PostgreSQL's protocol");
        else if (startup.code == WIRE_SSL || startup.code == WIRE_GSS)
            stream_write(&caller->stream, "N", 1);
        else if (startup.code == WIRE_CANCEL)
            cancel(caller, &startup);
        else if (startup.code >> 16 != 3)
            refuse(caller, "0A000", "segue gateway: the console speaks version 3 of the protocol");
        else
            welcome(caller, &startup);
        if (result == WIRE_BROKEN)
            return;
        caller->packet.length -= length;
        memmove(caller->packet.data, caller->packet.data + length, caller->packet.length);
    }
}

/* --- Simple queries --- */

/* Without columns nothing is described: CommandComplete is all that a simple query is told then. */
static bool say(struct caller *caller, struct console_answer *answer)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    bool good = !answer->message;
    if (good && answer->columns)
        console_describe(answer->columns, NULL, &out);
    (void)console_write_rows(answer, NULL, 0, &out);
    console_write_end(answer, &out);
    stream_write(&caller->stream, out.data, out.length);
    console_answer_free(answer);
    if (!good && caller->status == 'T')
        caller->status = 'E';
    return good;
}

static void end_script(struct caller *caller)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    wire_put_ready(&out, caller->status);
    stream_write(&caller->stream, out.data, out.length);
    text_free(&caller->script);
    caller->scripted = false;
}

/* Statement by statement, until one has to wait; behind an error nothing more is done. */
static void go_on(struct caller *caller)
{
    struct words words;
    const char *script = text_string(&caller->script);
    const char *at = script + caller->script_at;
    while (words_next(&at, &words)) {
        struct statement_of_console statement;
        struct console_answer *answer = console_answer_new();
        caller->script_at = (size_t)(at - script);
        if (console_understand(&words, &statement, answer))
            console_run(caller, &statement, answer);
        if (answer->waits) {
            caller->waits = true;
            console_answer_free(answer);
            return;
        }
        if (!say(caller, answer))
            break;
    }
    if (caller->script_at == 0) { /* EmptyQueryResponse */
        static const char nothing[] = {'I', 0, 0, 0, 4};
        stream_write(&caller->stream, nothing, sizeof nothing);
    }
    end_script(caller);
}

static void query(struct caller *caller, const char *body, size_t n)
{
    if (n == 0 || body[n - 1]) {
        refuse(caller, "08P01", "segue gateway: a query does not end");
        return;
    }
    text_clear(&caller->script);
    text_append(&caller->script, body);
    caller->script_at = 0;
    caller->scripted = true;
    go_on(caller);
}

/* --- Messages --- */

static void take(struct caller *caller, char type, const char *body, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (type == 'X') {
        caller_drop(caller);
    } else if (type == 'S') {
        caller->skipping = false;
        if (caller->status == 'I')
            extended_forget(&caller->names, false);
        wire_put_ready(&out, caller->status);
    } else if (type == 'd' || type == 'c' || type == 'f' || type == 'H') {
        return; /* CopyData and its like are left over where COPY failed; everything is flushed at once */
    } else if (type == 'Q' && !caller->skipping) {
        query(caller, body, n);
    } else if (type == 'F' && !caller->skipping) {
        wire_put_error(&out, "ERROR", "0A000", "the console has no functions", NULL);
        wire_put_ready(&out, caller->status);
    } else if (!caller->skipping && !extended_take(caller, type, body, n, &out)) {
        refuse(caller, "08P01", "segue gateway: this is no message of PostgreSQL's protocol");
    }
    if (caller->state == CALLER_WORKING && out.length > 0)
        stream_write(&caller->stream, out.data, out.length);
}

/* Whole messages, as long as nothing has to wait and what is answered is taken. */
static void work(struct caller *caller)
{
    size_t done = 0;
    struct text *packet = &caller->packet;
    while (caller->state == CALLER_WORKING && !caller->waits && packet->length - done >= WIRE_HEADER &&
           stream_backlog(&caller->stream) < BACKLOG_MAX) {
        const char *message = packet->data + done;
        uint32_t length = wire_u32(message + 1);
        if (length < 4 || length > CALLER_PACKET - 1) {
            refuse(caller, "08P01",
                   length < 4 ? "segue gateway: this is no message of PostgreSQL's protocol"
                              : "segue gateway: the message is too long for the console");
            return;
        }
        if (packet->length - done < length + 1)
            break;
        done += length + 1;
        take(caller, message[0], message + WIRE_HEADER, length - 4);
    }
    if (done == 0)
        return;
    packet->length -= done;
    memmove(packet->data, packet->data + done, packet->length);
}

void caller_answered(struct caller *caller, struct console_answer *answer)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    caller->waits = false;
    if (caller->scripted) {
        if (say(caller, answer))
            go_on(caller);
        else
            end_script(caller);
    } else {
        extended_answered(caller, answer, &out);
        stream_write(&caller->stream, out.data, out.length);
    }
    work(caller);
    watch(caller);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct caller *caller = poll->data;
    char buffer[8192];
    if (status < 0) {
        caller_drop(caller);
        return;
    }
    if (events & UV_WRITABLE)
        stream_flush(&caller->stream);
    if (caller->stream.failed || (caller->state == CALLER_LEAVING && stream_backlog(&caller->stream) == 0)) {
        caller_drop(caller);
        return;
    }
    if (events & UV_READABLE && caller->stream.reading) {
        ssize_t n = stream_read(&caller->stream, buffer, sizeof buffer);
        if (n < 0) {
            caller_drop(caller);
            return;
        }
        text_append_n(&caller->packet, buffer, (size_t)n);
    }
    if (caller->state == CALLER_GREETING)
        greet(caller);
    if (caller->state == CALLER_WORKING)
        work(caller);
    watch(caller);
}
