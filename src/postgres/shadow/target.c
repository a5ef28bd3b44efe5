/*
 * A second database in which transactions are done again, in their order, each once: the number of the one that was done last is a row of the target, which each changes
 * within itself. Where a COMMIT's answer is lost, that row tells how it ended; a server that still works on a lost connection's transaction cannot do it beside
 * its second try, since only one of them finds the row with a lower number.
 *
 * Commits do not wait for the target's disk: should its machine fail, the row goes back with the transactions, and what is in the queue still is done again (settle comes
 * before anything leaves the queue).
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "postgres/shadow/shadow_internal.h"
#include "sql.h"

enum { LANES = 4, TRIES = 5 };

struct shadow_target {
    char *url, *queue;
    atomic_bool *stop;
    struct shadow_lane own; /* for the number alone */
    struct shadow_lane lanes[LANES];
    uint64_t turn;
};

static bool open_target(const char *url, const char *queue, atomic_bool *stop, struct shadow_target **out,
                        struct error *err)
{
    (void)err;
    struct shadow_target *target = memory_alloc(sizeof *target);
    target->url = strdup(url);
    target->queue = strdup(queue);
    target->stop = stop;
    *out = target;
    return true;
}

static void disconnect(struct shadow_target *target)
{
    shadow_lane_close(&target->own);
    for (size_t i = 0; i < LANES; i++)
        shadow_lane_close(&target->lanes[i]);
}

static void close_target(struct shadow_target *target)
{
    if (!target)
        return;
    disconnect(target);
    free(target->url);
    free(target->queue);
    free(target);
}

/* --- The number --- */

static bool install(struct shadow_target *target, struct error *err)
{
    const struct shadow_statement there = {.text = sql_shadow_install, .copies = true};
    struct shadow_result result;
    if (!shadow_send(&target->own, &there) || !shadow_receive(&target->own, &there, &result))
        return shadow_problem(&target->own, &result, err);
    if (shadow_is_good(&result))
        return true;
    (void)shadow_problem(&target->own, &result, err);
    error_set(err, ERROR_DATABASE, "the target has no table segue_shadow.position, and it cannot be made");
    return error_hint(err, "see docs/privileges.md, shadow writes");
}

static bool position(struct shadow_target *target, uint64_t *out, struct error *err)
{
    struct shadow_result result;
    const char *values[] = {target->queue};
    struct shadow_lane *own = &target->own;
    if (own->connection && PQstatus(own->connection) != CONNECTION_OK)
        shadow_lane_close(own);
    if (!own->connection && (!shadow_lane_open(own, target->url, target->stop, err) || !install(target, err)))
        return false;
    if (!shadow_ask(own, sql_shadow_begin, 1, values, &result) || !shadow_is_good(&result) ||
        !shadow_ask(own, sql_shadow_position, 1, values, &result) || !shadow_is_good(&result))
        return shadow_problem(own, &result, err);
    *out = strtoull(result.first, NULL, 10);
    return true;
}

static bool skip(struct shadow_target *target, uint64_t number, struct error *err)
{
    struct shadow_result result;
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    const char *values[] = {target->queue, text};
    return (shadow_ask(&target->own, sql_shadow_advance, 2, values, &result) && shadow_is_good(&result)) ||
           shadow_problem(&target->own, &result, err);
}

/* A commit that waits for the disk takes all before it there. */
static bool settle(struct shadow_target *target, struct error *err)
{
    struct shadow_result result;
    const char *values[] = {target->queue};
    return (shadow_ask(&target->own, sql_shadow_settle, 1, values, &result) && shadow_is_good(&result)) ||
           shadow_problem(&target->own, &result, err);
}

/* --- Transactions --- */

/* The connection that has the context, or the one that was used least recently. */
static struct shadow_lane *lane_for(struct shadow_target *target, uint64_t context)
{
    struct shadow_lane *found = &target->lanes[0];
    for (size_t i = 0; i < LANES; i++) {
        struct shadow_lane *lane = &target->lanes[i];
        if (lane->connection && lane->context == context)
            return lane;
        if (lane->turn < found->turn)
            found = lane;
    }
    return found;
}

/* What stands around a transaction's own statements. */
struct frame {
    struct shadow_statement before, role, advance, commit;
};

static void put_u16(struct text *out, size_t value)
{
    text_append_char(out, (char)(value >> 8));
    text_append_char(out, (char)value);
}

static void put_value(struct text *out, const char *value)
{
    put_u16(out, 0);
    put_u16(out, strlen(value));
    text_append(out, value);
}

static void make_frame(const struct shadow_target *target, uint64_t number, struct text *bind,
                       struct frame *out)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    put_u16(bind, 0);
    put_u16(bind, 2);
    put_value(bind, target->queue);
    put_value(bind, text);
    put_u16(bind, 0);
    *out = (struct frame){
        .before = {.text = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE"},
        .role = {.text = "SET LOCAL ROLE NONE"},
        .advance = {.text = sql_shadow_advance, .bound = true, .bind = bind->data, .n_bind = bind->length},
        .commit = {.text = "COMMIT"}};
}

struct attempt {
    const struct shadow_statement **statements;
    size_t n;
    size_t failed; /* index of the first that did */
    struct shadow_result result;
    size_t differs; /* index of the first that touched another number of rows, or n */
};

static void judge(struct attempt *attempt, size_t i, const struct shadow_result *result)
{
    const char *tag = attempt->statements[i]->tag;
    if (attempt->failed < attempt->n)
        return;
    if (!shadow_is_good(result)) {
        attempt->failed = i;
        attempt->result = *result;
    } else if (tag && tag[0] && attempt->differs == attempt->n && strcmp(tag, result->tag) != 0) {
        attempt->differs = i;
    }
}

/* All at once, in one round trip. */
static bool run_pipelined(struct shadow_lane *lane, struct attempt *attempt)
{
    static const struct shadow_statement sync = {0};
    struct shadow_result result;
    bool good = PQenterPipelineMode(lane->connection);
    for (size_t i = 0; good && i < attempt->n; i++)
        good = shadow_send(lane, attempt->statements[i]);
    good = good && PQpipelineSync(lane->connection);
    for (size_t i = 0; good && i < attempt->n; i++) {
        good = shadow_receive(lane, attempt->statements[i], &result);
        if (good)
            judge(attempt, i, &result);
    }
    return good && shadow_receive(lane, &sync, &result) && PQexitPipelineMode(lane->connection);
}

/* One by one: data for COPY cannot be sent otherwise. */
static bool run_singly(struct shadow_lane *lane, struct attempt *attempt)
{
    struct shadow_result result;
    for (size_t i = 0; i < attempt->n && attempt->failed == attempt->n; i++) {
        if (!shadow_send(lane, attempt->statements[i]) ||
            !shadow_receive(lane, attempt->statements[i], &result))
            return false;
        judge(attempt, i, &result);
    }
    return true;
}

static bool try_once(struct shadow_lane *lane, struct attempt *attempt, bool copies)
{
    struct shadow_result ignored;
    attempt->failed = attempt->differs = attempt->n;
    if (!(copies ? run_singly : run_pipelined)(lane, attempt))
        return false;
    return PQtransactionStatus(lane->connection) == PQTRANS_IDLE ||
           shadow_ask(lane, "ROLLBACK", 0, NULL, &ignored);
}

static enum shadow_outcome outcome_of(const struct attempt *attempt, size_t n_own,
                                      struct shadow_report *report)
{
    const size_t role = n_own + 1, advance = n_own + 2;
    if (attempt->failed == attempt->n) {
        report->differs = attempt->differs < attempt->n;
        report->statement = report->differs ? attempt->differs - 1 : 0;
        return SHADOW_APPLIED;
    }
    if (attempt->result.later)
        return SHADOW_LATER;
    if (attempt->failed == advance && strcmp(attempt->result.sqlstate, "22012") == 0)
        return SHADOW_APPLIED_BEFORE;
    (void)snprintf(report->sqlstate, sizeof report->sqlstate, "%s", attempt->result.sqlstate);
    report->statement = attempt->failed > 0 && attempt->failed < role ? attempt->failed - 1 : n_own;
    return SHADOW_FAILED;
}

static enum shadow_outcome lost(struct shadow_lane *lane, struct error *err)
{
    shadow_lane_close(lane);
    error_set(err, ERROR_LOST, "the connection to the target is gone");
    return SHADOW_LATER;
}

static enum shadow_outcome apply(struct shadow_target *target, uint64_t number, uint64_t context_id,
                                 const struct shadow_context *context,
                                 const struct shadow_transaction *transaction, struct shadow_report *report,
                                 struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text bind = {0};
    struct shadow_lane *lane = lane_for(target, context_id);
    struct frame frame;
    struct attempt attempt = {.n = transaction->n + 4};
    bool copies = false, soils = false;
    *report = (struct shadow_report){0};
    lane->turn = ++target->turn;
    if (!lane->connection && !shadow_lane_open(lane, target->url, target->stop, err))
        return SHADOW_LATER;
    lane->turn = target->turn;
    if (lane->context != context_id && !shadow_lane_enter(lane, context_id, context))
        return lost(lane, err);
    report->other_role = lane->other_role;
    report->settings = lane->settings;
    make_frame(target, number, &bind, &frame);
    attempt.statements = arena_alloc(arena, attempt.n * sizeof(struct shadow_statement *));
    attempt.statements[0] = &frame.before;
    for (size_t i = 0; i < transaction->n; i++) {
        attempt.statements[i + 1] = &transaction->statements[i];
        copies = copies || transaction->statements[i].copies;
        soils = soils || transaction->statements[i].soils;
    }
    attempt.statements[attempt.n - 3] = &frame.role;
    attempt.statements[attempt.n - 2] = &frame.advance;
    attempt.statements[attempt.n - 1] = &frame.commit;
    for (int left = TRIES; left > 0; left--) {
        if (!try_once(lane, &attempt, copies))
            return lost(lane, err);
        if (attempt.failed == attempt.n || !attempt.result.busy)
            break;
    }
    enum shadow_outcome outcome = outcome_of(&attempt, transaction->n, report);
    if (soils || outcome != SHADOW_APPLIED)
        lane->context = 0;
    return outcome;
}

const struct shadow_engine pg_shadow = {
    .read = pg_shadow_read,
    .fingerprint = pg_shadow_fingerprint,
    .open = open_target,
    .position = position,
    .apply = apply,
    .skip = skip,
    .settle = settle,
    .disconnect = disconnect,
    .close = close_target,
};
