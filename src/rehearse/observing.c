#include "rehearse/observing_internal.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/memory.h"
#include "base/text.h"

enum { TEXT_SHOWN = 200, MOST_STATEMENTS = 200 };

/* NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): an engine's `open` has nowhere else to find who observes. */
static struct {
    struct observing *observing;
    struct engine engine; /* the inner one but for `open` */
} observed;
/* NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables) */

static double most(double a, double b)
{
    return a > b ? a : b;
}

void observing_lock(struct observing *observing, bool own, const char *relation, const char *mode,
                    double held, double waited, bool counts)
{
    (void)pthread_mutex_lock(&observing->lock);
    size_t i = 0;
    while (i < observing->n_locks &&
           !(observing->locks[i].own == own && same_text(observing->locks[i].relation, relation) &&
             same_text(observing->locks[i].mode, mode)))
        i++;
    if (i == observing->n_locks) {
        const struct seen_lock lock = {.own = own,
                                       .relation = relation ? arena_strdup(observing->arena, relation) : NULL,
                                       .mode = arena_strdup(observing->arena, mode)};
        ARENA_PUSH(observing->arena, observing->locks, observing->n_locks, lock);
    }
    struct seen_lock *lock = &observing->locks[i];
    lock->times += counts;
    lock->held = most(lock->held, held);
    lock->waited = most(lock->waited, waited);
    (void)pthread_mutex_unlock(&observing->lock);
}

/* White space runs as one space, lines of comment left out, cut where a reader has seen enough. */
static const char *folded(struct arena *arena, const char *sql)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    bool line_begins = true, space = false;
    for (; *sql && out.length < TEXT_SHOWN; sql++) {
        if (line_begins && sql[0] == '-' && sql[1] == '-')
            sql += strcspn(sql, "\n");
        if (!*sql)
            break;
        line_begins = *sql == '\n' || (line_begins && isspace((unsigned char)*sql));
        if (isspace((unsigned char)*sql)) {
            space = true;
            continue;
        }
        if (space && out.length)
            text_append_char(&out, ' ');
        space = false;
        text_append_char(&out, *sql);
    }
    return arena_strdup(arena, text_string(&out));
}

void observing_statement(struct observing *observing, const char *who, const char *text, double seconds)
{
    (void)pthread_mutex_lock(&observing->lock);
    const char *shown = folded(observing->arena, text);
    size_t i = 0;
    while (i < observing->n_statements &&
           !(same_text(observing->statements[i].who, who) && same_text(observing->statements[i].text, shown)))
        i++;
    if (i == observing->n_statements && i < MOST_STATEMENTS) {
        const struct seen_statement statement = {.who = arena_strdup(observing->arena, who), .text = shown};
        ARENA_PUSH(observing->arena, observing->statements, observing->n_statements, statement);
    }
    if (i < observing->n_statements) {
        observing->statements[i].times++;
        observing->statements[i].seconds = most(observing->statements[i].seconds, seconds);
    }
    (void)pthread_mutex_unlock(&observing->lock);
}

static bool open_observed(const struct session_settings *settings, struct session **out, struct error *err)
{
    struct session *inner = NULL;
    if (!observed.observing->inner->open(settings, &inner, err))
        return false;
    *out = observed_session(inner, observed.observing);
    return true;
}

static bool start_thread(struct observing *observing)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    observing->running = pthread_create(&observing->thread, NULL, observing_thread, observing) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return observing->running;
}

static void discard(struct observing *observing)
{
    session_close(observing->session);
    arena_free(observing->standing_arena);
    arena_free(observing->arena);
    (void)pthread_mutex_destroy(&observing->lock);
    free(observing);
}

bool observing_begin(const struct engine *inner, const char *url, struct observing **out,
                     const struct engine **engine, struct error *err)
{
    struct observing *observing = memory_alloc(sizeof *observing);
    const struct session_settings settings = {.url = url, .application_name = "segue rehearse"};
    *observing = (struct observing){.inner = inner, .url = url, .arena = arena_new()};
    (void)pthread_mutex_init(&observing->lock, NULL);
    if (!inner->open(&settings, &observing->session, err)) {
        discard(observing);
        return false;
    }
    if (!start_thread(observing)) {
        discard(observing);
        return error_set(err, ERROR_RESOURCE, "no thread could be started");
    }
    observed.observing = observing;
    observed.engine = *inner;
    observed.engine.open = open_observed;
    *out = observing;
    *engine = &observed.engine;
    return true;
}

static int longest_held_first(const void *a, const void *b)
{
    const struct seen_lock *left = a, *right = b;
    if (left->own != right->own)
        return right->own - left->own;
    return (left->held < right->held) - (left->held > right->held);
}

static int longest_first(const void *a, const void *b)
{
    double left = ((const struct seen_statement *)a)->seconds,
           right = ((const struct seen_statement *)b)->seconds;
    return (left < right) - (left > right);
}

static void hand_out(const struct observing *observing, struct arena *arena, struct seen_lock **locks,
                     size_t *n_locks, struct seen_statement **statements, size_t *n_statements)
{
    for (size_t i = 0; i < observing->n_locks; i++) {
        struct seen_lock lock = observing->locks[i];
        lock.relation = lock.relation ? arena_strdup(arena, lock.relation) : NULL;
        lock.mode = arena_strdup(arena, lock.mode);
        ARENA_PUSH(arena, *locks, *n_locks, lock);
    }
    for (size_t i = 0; i < observing->n_statements; i++) {
        struct seen_statement statement = observing->statements[i];
        statement.who = arena_strdup(arena, statement.who);
        statement.text = arena_strdup(arena, statement.text);
        ARENA_PUSH(arena, *statements, *n_statements, statement);
    }
    if (*n_locks)
        qsort(*locks, *n_locks, sizeof **locks, longest_held_first);
    if (*n_statements)
        qsort(*statements, *n_statements, sizeof **statements, longest_first);
}

void observing_end(struct observing *observing, struct arena *arena, struct seen_lock **locks,
                   size_t *n_locks, struct seen_statement **statements, size_t *n_statements)
{
    if (!observing)
        return;
    atomic_store(&observing->stop, true);
    (void)pthread_join(observing->thread, NULL);
    hand_out(observing, arena, locks, n_locks, statements, n_statements);
    observed.observing = NULL;
    discard(observing);
}
