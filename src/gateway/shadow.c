#include "gateway/shadow.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/gather.h"
#include "gateway/shared.h"

enum {
    WAIT_MS = 500,   /* for something to do */
    SOON_MS = 5,     /* while a record waits for one that comes before it */
    AGAIN_MS = 1000, /* until the target is asked again */
    SYNC_MS = 50,    /* between two of them, where the queue is to be durable */
    LINES_A_SECOND = 10
};

/* A context that records have. */
struct context {
    uint64_t id, segment;
    struct arena *arena;
    struct shadow_context content;
    bool good; /* it could be read */
    bool told; /* that something in it cannot be set */
};

struct shadow {
    struct shared *shared;
    const struct shadow_engine *engine;
    struct queue *queue;
    struct shadow_target *target;
    pthread_t thread, syncing;
    bool started, syncs;
    atomic_bool stop;
    atomic_bool connected;
    atomic_bool waiting; /* the thread does, for something to do */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    atomic_ullong applied, failed, differing, lost[SHADOW_LOSSES];
    atomic_llong loss_said_us;

    /* The thread's own. */
    struct context *contexts;
    size_t n_contexts, contexts_size;
    int64_t second; /* in which so many lines were logged */
    unsigned lines;
    bool role_told, refusal_told;
};

static const char *const loss_names[SHADOW_LOSSES] = {
    [LOSS_FULL] = "full",     [LOSS_DISK] = "disk",           [LOSS_LARGE] = "large",
    [LOSS_UNSEEN] = "unseen", [LOSS_TWO_PHASE] = "two_phase", [LOSS_UNKNOWN] = "unknown"};

static const struct event_settings *events(const struct shadow *shadow)
{
    const struct gateway_settings *settings = shadow->shared->settings;
    return &settings->events;
}

struct queue *shadow_queue(struct shadow *shadow)
{
    return shadow->queue;
}

void shadow_lost(struct shadow *shadow, enum shadow_loss why)
{
    struct event event;
    int64_t now = clock_us();
    long long said = atomic_load(&shadow->loss_said_us);
    (void)atomic_fetch_add_explicit(&shadow->lost[why], 1, memory_order_relaxed);
    if (now - said < 1000000 || !atomic_compare_exchange_strong(&shadow->loss_said_us, &said, now))
        return;
    event_begin(&event, events(shadow), EVENT_WARNING, "shadow_dropped");
    event_text(&event, "reason", loss_names[why]);
    event_count(&event, "dropped", atomic_load(&shadow->lost[why]));
    event_end(&event);
}

static bool is_steady(void *context, const char *name)
{
    return routes_steady(context, name);
}

bool shadow_read(struct shared *shared, struct arena *arena, const char *text, struct shadow_piece **out,
                 size_t *n)
{
    struct routes *routes = shared_routes(shared);
    const struct statement_names steady = {is_steady, routes};
    bool good = shared->shadow->engine->read(arena, text, &steady, out, n);
    routes_release(routes);
    return good;
}

/* --- Waiting --- */

void shadow_wake(struct shadow *shadow)
{
    if (!atomic_load(&shadow->waiting))
        return;
    (void)pthread_mutex_lock(&shadow->lock);
    atomic_store(&shadow->waiting, false);
    (void)pthread_cond_signal(&shadow->changed);
    (void)pthread_mutex_unlock(&shadow->lock);
}

/* Whoever appends after `waiting` was set wakes; what was appended before is seen by a last look, which the caller has yet to take: hence not longer than some time. */
static void wait_ms(struct shadow *shadow, int ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_mutex_lock(&shadow->lock);
    while (atomic_load(&shadow->waiting) && !atomic_load(&shadow->stop))
        if (pthread_cond_timedwait(&shadow->changed, &shadow->lock, &until) == ETIMEDOUT)
            break;
    atomic_store(&shadow->waiting, false);
    (void)pthread_mutex_unlock(&shadow->lock);
}

/* --- Contexts --- */

static struct context *find_context(struct shadow *shadow, uint64_t id)
{
    for (size_t i = shadow->n_contexts; i-- > 0;)
        if (shadow->contexts[i].id == id)
            return &shadow->contexts[i];
    return NULL;
}

static void keep_context(struct shadow *shadow, const struct queue_record *record)
{
    struct context *found = find_context(shadow, record->context);
    if (found) {
        if (record->segment > found->segment)
            found->segment = record->segment;
        return;
    }
    if (shadow->n_contexts == shadow->contexts_size) {
        shadow->contexts_size = shadow->contexts_size ? shadow->contexts_size * 2 : 16;
        shadow->contexts = memory_resize(shadow->contexts, shadow->contexts_size * sizeof *shadow->contexts);
    }
    struct context *made = &shadow->contexts[shadow->n_contexts++];
    *made = (struct context){.id = record->context, .segment = record->segment, .arena = arena_new()};
    made->good = shadow_read_context(made->arena, record->block.data, record->block.n, &made->content);
}

/* Those of which no segment is there any more. */
static void forget_contexts(struct shadow *shadow, uint64_t first_segment)
{
    size_t kept = 0;
    for (size_t i = 0; i < shadow->n_contexts; i++) {
        if (shadow->contexts[i].segment >= first_segment)
            shadow->contexts[kept++] = shadow->contexts[i];
        else
            arena_free(shadow->contexts[i].arena);
    }
    shadow->n_contexts = kept;
}

/* --- What is logged --- */

static bool may_tell(struct shadow *shadow)
{
    int64_t second = clock_us() / 1000000;
    if (second != shadow->second)
        shadow->lines = 0;
    shadow->second = second;
    return shadow->lines++ < LINES_A_SECOND;
}

static void tell_transaction(struct shadow *shadow, const char *name, uint64_t number,
                             const struct shadow_transaction *transaction, const struct shadow_report *report)
{
    struct event event;
    char fingerprint[17] = "";
    if (!may_tell(shadow))
        return;
    if (report->statement < transaction->n)
        shadow->engine->fingerprint(transaction->statements[report->statement].text, fingerprint);
    event_begin(&event, events(shadow), EVENT_WARNING, name);
    event_count(&event, "number", number);
    event_count(&event, "pid", transaction->pid);
    event_text(&event, "sqlstate", report->sqlstate[0] ? report->sqlstate : NULL);
    event_count(&event, "statement", report->statement + 1);
    event_text(&event, "fingerprint", fingerprint[0] ? fingerprint : NULL);
    event_end(&event);
}

static void tell_context(struct shadow *shadow, struct context *context, const struct shadow_report *report)
{
    struct event event;
    if (report->other_role && !shadow->role_told) {
        shadow->role_told = true;
        event_begin(&event, events(shadow), EVENT_WARNING, "shadow_role");
        event_text(&event, "user", context->content.user);
        event_text(&event, "reason",
                   "the target does not let its own role act as this one; it writes itself");
        event_end(&event);
    }
    if (report->settings > 0 && !context->told) {
        context->told = true;
        event_begin(&event, events(shadow), EVENT_WARNING, "shadow_settings");
        event_text(&event, "user", context->content.user);
        event_count(&event, "failed", report->settings);
        event_end(&event);
    }
}

static void tell_target(struct shadow *shadow, const char *name, enum event_level level, const char *reason,
                        const char *sqlstate)
{
    struct event event;
    event_begin(&event, events(shadow), level, name);
    event_text(&event, "sqlstate", sqlstate && sqlstate[0] ? sqlstate : NULL);
    event_text(&event, "reason", reason);
    event_end(&event);
}

/* --- Doing it again --- */

static void unreachable(struct shadow *shadow, const struct error *err)
{
    if (!shadow->refusal_told && !atomic_load(&shadow->stop))
        tell_target(shadow, "shadow_unreachable", EVENT_WARNING, err->message, err->sqlstate);
    shadow->refusal_told = true;
    atomic_store(&shadow->connected, false);
    shadow->engine->disconnect(shadow->target);
}

static bool reach(struct shadow *shadow)
{
    struct error err = {0};
    uint64_t done;
    if (atomic_load(&shadow->connected))
        return true;
    if (!shadow->engine->position(shadow->target, &done, &err)) {
        unreachable(shadow, &err);
        return false;
    }
    queue_rewind(shadow->queue, done);
    tell_target(shadow, "shadow_connected", EVENT_INFO, NULL, NULL);
    shadow->refusal_told = false;
    atomic_store(&shadow->connected, true);
    return true;
}

/* It is left out: its number is noted as done. */
static bool leave_out(struct shadow *shadow, const struct queue_record *record,
                      const struct shadow_transaction *transaction, const struct shadow_report *report)
{
    struct error err = {0};
    (void)atomic_fetch_add_explicit(&shadow->failed, 1, memory_order_relaxed);
    tell_transaction(shadow, "shadow_failed", record->number, transaction, report);
    if (shadow->engine->skip(shadow->target, record->number, &err))
        return true;
    unreachable(shadow, &err);
    return false;
}

static bool do_again(struct shadow *shadow, const struct queue_record *record)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct context *context = find_context(shadow, record->context);
    struct shadow_transaction transaction = {0};
    struct shadow_report report = {0};
    struct error err = {0};
    if (!context || !context->good ||
        !shadow_read_transaction(arena, record->block.data, record->block.n, &transaction))
        return leave_out(shadow, record, &transaction, &report);
    switch (shadow->engine->apply(shadow->target, record->number, record->context, &context->content,
                                  &transaction, &report, &err)) {
    case SHADOW_FAILED: return leave_out(shadow, record, &transaction, &report);
    case SHADOW_LATER: unreachable(shadow, &err); return false;
    case SHADOW_APPLIED_BEFORE: return true;
    case SHADOW_APPLIED: break;
    }
    (void)atomic_fetch_add_explicit(&shadow->applied, 1, memory_order_relaxed);
    tell_context(shadow, context, &report);
    if (report.differs) {
        (void)atomic_fetch_add_explicit(&shadow->differing, 1, memory_order_relaxed);
        tell_transaction(shadow, "shadow_differs", record->number, &transaction, &report);
    }
    return true;
}

/* Segments go when what was done outlasts the target's machine. */
static bool clear(struct shadow *shadow)
{
    struct error err = {0};
    if (!queue_has_done(shadow->queue))
        return true;
    if (!shadow->engine->settle(shadow->target, &err)) {
        unreachable(shadow, &err);
        return false;
    }
    forget_contexts(shadow, queue_drop_done(shadow->queue));
    return true;
}

/* False: the target is gone. */
static bool drain(struct shadow *shadow)
{
    struct queue_record record;
    while (!atomic_load(&shadow->stop) && queue_next(shadow->queue, &record)) {
        if (record.number == 0) {
            keep_context(shadow, &record);
            continue;
        }
        if (!do_again(shadow, &record))
            return false;
        queue_done(shadow->queue, record.number, record.at_us);
        if (!clear(shadow))
            return false;
    }
    return true;
}

static void *run(void *argument)
{
    struct shadow *shadow = argument;
    while (!atomic_load(&shadow->stop)) {
        struct queue_size size;
        if (!reach(shadow) || !drain(shadow)) {
            for (int left = AGAIN_MS; left > 0 && !atomic_load(&shadow->stop); left -= 50)
                clock_sleep_us(50000);
            continue;
        }
        atomic_store(&shadow->waiting, true);
        queue_size(shadow->queue, &size);
        wait_ms(shadow, size.records > 0 ? SOON_MS : WAIT_MS);
    }
    return NULL;
}

static void *sync_often(void *argument)
{
    struct shadow *shadow = argument;
    bool told = false;
    while (!atomic_load(&shadow->stop)) {
        bool good = queue_sync(shadow->queue);
        if (!good && !told)
            tell_target(shadow, "shadow_sync", EVENT_ERROR, strerror(errno), NULL);
        told = !good;
        clock_sleep_us(SYNC_MS * 1000LL);
    }
    return NULL;
}

/* --- Its life --- */

static bool start_threads(struct shadow *shadow, bool durable, struct error *err)
{
    int failed = pthread_create(&shadow->thread, NULL, run, shadow);
    shadow->started = !failed;
    if (!failed && durable) {
        failed = pthread_create(&shadow->syncing, NULL, sync_often, shadow);
        shadow->syncs = !failed;
    }
    return !failed || error_set(err, ERROR_RESOURCE, "no thread: %s", strerror(failed));
}

bool shadow_start(struct shared *shared, struct shadow **out, struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    const struct shadow_settings *wish = &settings->shadow;
    *out = NULL;
    if (!wish->url)
        return true;
    struct shadow *shadow = memory_alloc(sizeof *shadow);
    const struct queue_settings queue = {
        .folder = wish->folder, .bytes_max = (uint64_t)wish->megabytes << 20, .durable = wish->durable};
    pthread_condattr_t monotonic;
    *out = shadow;
    shadow->shared = shared;
    shadow->engine = settings->engine->shadow;
    (void)pthread_mutex_init(&shadow->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&shadow->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (!queue_open(&queue, &shadow->queue, err) ||
        !shadow->engine->open(wish->url, queue_id(shadow->queue), &shadow->stop, &shadow->target, err))
        return false;
    return start_threads(shadow, wish->durable, err);
}

void shadow_stop(struct shadow *shadow)
{
    if (!shadow)
        return;
    atomic_store(&shadow->stop, true);
    shadow_wake(shadow);
    if (shadow->started)
        (void)pthread_join(shadow->thread, NULL);
    if (shadow->syncs)
        (void)pthread_join(shadow->syncing, NULL);
    if (shadow->syncs && !queue_sync(shadow->queue))
        tell_target(shadow, "shadow_sync", EVENT_ERROR, strerror(errno), NULL);
    forget_contexts(shadow, UINT64_MAX);
    free(shadow->contexts);
    shadow->engine->close(shadow->target);
    queue_close(shadow->queue);
    (void)pthread_cond_destroy(&shadow->changed);
    (void)pthread_mutex_destroy(&shadow->lock);
    free(shadow);
}

/* --- Metrics --- */

static void head(struct text *out, const char *name, const char *type, const char *help)
{
    text_printf(out, "# HELP segue_gateway_shadow_%s %s\n# TYPE segue_gateway_shadow_%s %s\n", name, help,
                name, type);
}

static void number(struct text *out, const char *name, const char *type, const char *help, uint64_t value)
{
    head(out, name, type, help);
    text_printf(out, "segue_gateway_shadow_%s %" PRIu64 "\n", name, value);
}

static double behind(const struct queue_size *size)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    double seconds = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - (double)size->oldest_us / 1e6;
    return size->oldest_us && seconds > 0 ? seconds : 0;
}

void shadow_metrics(struct shadow *shadow, struct text *out)
{
    struct queue_size size;
    if (!shadow)
        return;
    queue_size(shadow->queue, &size);
    number(out, "connected", "gauge", "Whether the target answers.", atomic_load(&shadow->connected));
    number(out, "queue_records", "gauge", "Transactions that wait.", size.records);
    number(out, "queue_bytes", "gauge", "Bytes of the queue's files.", size.bytes);
    head(out, "behind_seconds", "gauge", "Age of the oldest transaction that waits.");
    text_printf(out, "segue_gateway_shadow_behind_seconds %.3f\n", behind(&size));
    number(out, "applied_total", "counter", "Transactions done in the target.",
           atomic_load(&shadow->applied));
    number(out, "failed_total", "counter", "Transactions that the target refused.",
           atomic_load(&shadow->failed));
    number(out, "differing_total", "counter",
           "Transactions of which a statement touched another number of rows in the target.",
           atomic_load(&shadow->differing));
    number(out, "damaged_total", "counter", "Records of the queue that could not be read.", size.damaged);
    head(out, "dropped_total", "counter", "Transactions that never came into the queue, by why.");
    for (size_t i = 0; i < SHADOW_LOSSES; i++)
        text_printf(out, "segue_gateway_shadow_dropped_total{reason=\"%s\"} %llu\n", loss_names[i],
                    (unsigned long long)atomic_load(&shadow->lost[i]));
}
