#include "cli/status.h"

#include <string.h>

#include "base/layout.h"
#include "cli/grid.h"
#include "cli/report.h"
#include "cli/state.h"

enum { LABEL_WIDTH = 12 };

struct page {
    struct text *out;
    struct arena *arena;
    const char *bold, *dim, *plain;
    int width;
};

static bool is_state(const struct run_status *status, const char *word)
{
    return strcmp(status->live->state, word) == 0;
}

const char *status_next(const struct run_status *status)
{
    if (!status->installed)
        return "segue init prepares this database.";
    if (!status->live)
        return "segue start FILE begins a migration.";
    if (status->runner_pid && status->rest.held[0])
        return "UPDATE segue.pause SET paused = false lets it go on.";
    if (status->runner_pid)
        return status->live->paused ? "segue resume lets it go on."
                                    : "Wait; segue pause stops it at the next safe place.";
    if (is_state(status, "active"))
        return status->n_old_users
                   ? "Move the applications to the new version, then segue complete. Or segue rollback."
                   : "segue complete retires the old version; segue rollback goes back.";
    if (is_state(status, "completing"))
        return "It was interrupted: segue complete goes on.";
    if (is_state(status, "rolling-back"))
        return "It was interrupted: segue rollback goes on.";
    return "It was interrupted: segue resume goes on; segue rollback goes back.";
}

static void item(const struct page *page, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    text_printf(page->out, "  %s", page->dim);
    layout_pad(page->out, label, LABEL_WIDTH);
    text_append(page->out, page->plain);
    layout_wrap(page->out, value, LABEL_WIDTH + 2, LABEL_WIDTH + 2, page->width);
    text_append_char(page->out, '\n');
}

static void walk(const struct page *page, const struct run_status *status)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    const struct walk_progress *progress = &status->walk;
    double share = progress->rows_total > 0 ? 100 * progress->rows_done / progress->rows_total : 0;
    layout_count(&line, progress->rows_done);
    text_append(&line, " of about ");
    layout_count(&line, progress->rows_total);
    text_printf(&line, " (%.0f %%)", share > 100 ? 100 : share);
    if (status->rows_per_s > 0) {
        text_append(&line, ", ");
        layout_count(&line, status->rows_per_s);
        text_append(&line, " rows/s");
    }
    if (status->eta_seconds >= 0) {
        text_append(&line, ", ETA ");
        layout_seconds(&line, status->eta_seconds);
    }
    item(page, "rows", text_string(&line));
}

static void throttle(const struct page *page, const struct run_status *status)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    const struct throttle_state *state = &status->throttle;
    if (!state->known)
        return;
    if (state->duty > 0)
        text_printf(&line, state->duty < 0.0995 ? "works %.1f %% of the time" : "works %.0f %% of the time",
                    state->duty * 100);
    else
        text_append(&line, "rests");
    if (state->reason)
        text_printf(&line, ": %s", state->reason);
    item(page, "throttle", text_string(&line));
}

static void steps(const struct page *page, const struct run_status *status)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    text_printf(&line, "%zu of %zu done", status->steps_done, status->steps);
    if (status->step)
        text_printf(&line, "; %s %s: %s", status->runner_pid ? "now" : "next",
                    plan_phase_name(status->step->phase), status->step->title);
    item(page, "steps", text_string(&line));
    if (status->step && status->step->kind == STEP_WALK)
        walk(page, status);
    throttle(page, status);
}

static void blockers(const struct page *page, const struct run_status *status)
{
    for (size_t i = 0; i < status->n_blockers; i++) {
        SEGUE_CLEANUP(text_free) struct text line = {0};
        const struct blocker *blocker = &status->blockers[i];
        text_printf(&line, "pid %d", blocker->pid);
        if (blocker->application && *blocker->application)
            text_printf(&line, " %s", blocker->application);
        text_printf(&line, " (%s), %s on %s, in transaction for ", blocker->user ? blocker->user : "?",
                    blocker->mode ? blocker->mode : "a lock", blocker->relation ? blocker->relation : "?");
        layout_seconds(&line, blocker->transaction_seconds);
        if (blocker->query && *blocker->query)
            text_printf(&line, ": %s", blocker->query);
        item(page, i ? "" : "waits for", text_string(&line));
    }
}

static void users(const struct page *page, const char *title, const char *version,
                  const struct version_user *list, size_t n)
{
    text_printf(page->out, "\n%s%s%s ", page->bold, title, page->plain);
    if (!n) {
        text_printf(page->out, "(%s): nobody seen within the last minute\n", version);
        return;
    }
    text_printf(page->out, "(%s): %zu session%s seen within the last minute\n", version, n,
                n == 1 ? "" : "s");
    static const char *const titles[] = {"  pid", "user", "application", "address", "seen"};
    struct grid grid = {.arena = page->arena, .columns = SEGUE_COUNT(titles)};
    for (size_t i = 0; i < SEGUE_COUNT(titles); i++)
        grid_cell(&grid, titles[i]);
    for (size_t i = 0; i < n; i++) {
        SEGUE_CLEANUP(text_free) struct text seen = {0};
        layout_seconds(&seen, list[i].seconds_ago);
        text_append(&seen, " ago");
        grid_cell(&grid, arena_printf(page->arena, "  %d", list[i].pid));
        grid_cell(&grid, list[i].user);
        grid_cell(&grid, list[i].application);
        grid_cell(&grid, list[i].address);
        grid_cell(&grid, text_string(&seen));
    }
    grid_print(&grid, page->out);
}

/* The last comparison of every row, and why it may not count any more. */
static void verified(const struct page *page, const struct run_status *status)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    const struct verification *now = &status->verified;
    if (!now->known)
        return;
    if (now->has_complete) {
        layout_seconds(&line, now->complete.seconds_ago);
        text_append(&line, " ago, ");
        layout_count(&line, now->complete.rows);
        text_append(&line, " rows, no difference left");
        if (now->moved)
            text_append(&line, "; stale: what keeps the shapes in step was changed since");
    } else {
        text_append(&line, "never");
    }
    if (now->has_found) {
        text_append(&line, "; stale: ");
        layout_count(&line, now->found.differences - now->found.mended);
        text_append(&line, " rows differed ");
        layout_seconds(&line, now->found.seconds_ago);
        text_append(&line, " ago");
    }
    if (now->disabled)
        text_printf(&line, "; switched off: %s", now->disabled);
    item(page, "verified", text_string(&line));
}

/* The log that slots keep from being thrown away. */
static void slots(const struct page *page, const struct run_status *status)
{
    for (size_t i = 0; i < status->n_slots; i++) {
        const char *until = !status->live        ? "no migration needs it: SELECT segue.slot_drop"
                            : status->runner_pid ? "until the rows are copied"
                                                 : "nobody reads it: segue resume or segue rollback";
        const char *name = status->slots[i].slot;
        item(page, "slot",
             arena_printf(page->arena, "%s keeps %.0f MB of the server's log; %s%s%s%s", name,
                          status->slots[i].bytes / 1048576, until, status->live ? "" : "('",
                          status->live ? "" : name, status->live ? "" : "')"));
    }
}

static void migration(const struct page *page, const struct run_status *status)
{
    const struct state_migration *live = status->live;
    text_printf(page->out, "%s%s%s: %s%s\n", page->bold, live->name, page->plain, live->state,
                live->paused || status->rest.held[0] ? " (paused)" : "");
    item(page, "paused", status->rest.held);
    item(page, "goal", live->goal);
    item(page, "owner", live->owner);
    item(page, "deadline", live->deadline);
    item(page, "started", state_time(page->arena, live->started_at));
    item(page, "both live", state_time(page->arena, live->active_at));
    item(page, "runs in",
         status->runner_pid ? arena_printf(page->arena, "server process %d", status->runner_pid) : NULL);
    steps(page, status);
    verified(page, status);
    if (status->n_stubborn)
        item(page, "stubborn",
             arena_printf(page->arena, "%zu row%s whose up fails: segue status --stubborn lists them",
                          status->n_stubborn, status->n_stubborn == 1 ? "" : "s"));
    slots(page, status);
    blockers(page, status);
    item(page, "last error", live->message);
    users(page, "old version", live->old_version, status->old_users, status->n_old_users);
    users(page, "new version", live->new_version, status->new_users, status->n_new_users);
}

void status_text(const struct run_status *status, struct arena *arena, bool color, int width,
                 struct text *out)
{
    const struct page page = {
        .out = out,
        .arena = arena,
        .bold = color ? "\033[1m" : "",
        .dim = color ? "\033[2m" : "",
        .plain = color ? "\033[0m" : "",
        .width = width,
    };
    if (!status->installed)
        text_append(out, "segue has no state in this database yet.\n");
    else if (!status->live) {
        text_append(out, "No migration is under way.\n");
        slots(&page, status);
    } else
        migration(&page, status);
    text_printf(out, "%sNext: ", status->live ? "\n" : "");
    layout_wrap(out, status_next(status), 6, 6, width);
    text_append_char(out, '\n');
}

static json_t *users_json(const struct version_user *list, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            array,
            json_pack("{s:i, s:o, s:o, s:o, s:o, s:f}", "pid", list[i].pid, "user", json_text(list[i].user),
                      "application", json_text(list[i].application), "address", json_text(list[i].address),
                      "seen_at", json_text(list[i].seen_at), "seconds_ago", list[i].seconds_ago));
    return array;
}

static json_t *blockers_json(const struct blocker *list, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            array, json_pack("{s:i, s:f, s:o, s:o, s:o, s:o, s:o, s:o}", "pid", list[i].pid,
                             "transaction_seconds", list[i].transaction_seconds, "user",
                             json_text(list[i].user), "application", json_text(list[i].application), "state",
                             json_text(list[i].state), "query", json_text(list[i].query), "relation",
                             json_text(list[i].relation), "mode", json_text(list[i].mode)));
    return array;
}

static json_t *walk_json(const struct run_status *status)
{
    json_t *walk = json_object();
    json_object_set_new(walk, "rows_done", json_integer((json_int_t)status->walk.rows_done));
    json_object_set_new(walk, "rows_total", json_integer((json_int_t)status->walk.rows_total));
    json_object_set_new(walk, "chunks", json_integer(status->walk.chunks));
    json_object_set_new(walk, "rows_per_s", json_integer((json_int_t)status->rows_per_s));
    json_object_set_new(walk, "eta_seconds",
                        status->eta_seconds >= 0 ? json_real(status->eta_seconds) : json_null());
    return walk;
}

static json_t *step_json(const struct run_status *status)
{
    if (!status->step)
        return json_null();
    json_t *step = json_object();
    json_object_set_new(step, "id", json_text(status->step->id));
    json_object_set_new(step, "phase", json_text(plan_phase_name(status->step->phase)));
    json_object_set_new(step, "kind", json_text(step_kind_name(status->step->kind)));
    json_object_set_new(step, "title", json_text(status->step->title));
    if (status->step->kind == STEP_WALK)
        json_object_set_new(step, "walk", walk_json(status));
    return step;
}

static json_t *live_json(const struct run_status *status)
{
    json_t *array = json_array();
    for (size_t i = 0; i < status->n_all; i++)
        json_array_append_new(array, state_json(&status->all[i]));
    return array;
}

static json_t *pass_json(const struct pass *pass)
{
    return json_pack("{s:o, s:I, s:I, s:I, s:o, s:f}", "kind", json_text(pass->kind), "rows",
                     (json_int_t)pass->rows, "differences", (json_int_t)pass->differences, "repaired",
                     (json_int_t)pass->mended, "ended_at", json_text(pass->ended_at), "seconds_ago",
                     pass->seconds_ago);
}

static json_t *verified_json(const struct verification *now)
{
    if (!now->known)
        return json_null();
    bool counts = now->has_complete && !now->has_found && !now->moved && !now->disabled;
    return json_pack("{s:b, s:o, s:o, s:b, s:o}", "counts", counts, "complete",
                     now->has_complete ? pass_json(&now->complete) : json_null(), "found",
                     now->has_found ? pass_json(&now->found) : json_null(), "changed_since", now->moved,
                     "switched_off", json_text(now->disabled));
}

void status_stubborn_text(const struct run_status *status, struct text *out)
{
    if (!status->n_stubborn)
        text_append(out, "No row is left whose up fails.\n");
    for (size_t i = 0; i < status->n_stubborn; i++) {
        const struct stubborn *row = &status->stubborn[i];
        text_printf(out, "%s %s\n  %s (%s)\n", row->table, row->key, row->message, row->sqlstate);
    }
}

static json_t *stubborn_json(const struct run_status *status)
{
    json_t *array = json_array();
    for (size_t i = 0; i < status->n_stubborn; i++) {
        const struct stubborn *row = &status->stubborn[i];
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o, s:o}", "table", json_text(row->table), "key",
                                        json_text(row->key), "sqlstate", json_text(row->sqlstate), "message",
                                        json_text(row->message), "tried_at", json_text(row->tried_at)));
    }
    return array;
}

json_t *status_stubborn_json(const struct run_status *status)
{
    return json_pack("{s:o, s:o}", "migration", status->live ? state_json(status->live) : json_null(),
                     "stubborn", stubborn_json(status));
}

static json_t *throttle_json(const struct run_status *status)
{
    const struct throttle_state *state = &status->throttle;
    if (!state->known)
        return json_null();
    json_t *throttle = json_loads(state->signals, 0, NULL);
    if (!throttle)
        throttle = json_object();
    json_object_set_new(throttle, "duty", json_real(state->duty));
    json_object_set_new(throttle, "resting", json_boolean(state->duty <= 0));
    json_object_set_new(throttle, "reason", json_text(state->reason));
    json_object_set_new(throttle, "at", json_text(state->at));
    return throttle;
}

static json_t *slots_json(const struct run_status *status)
{
    json_t *list = json_array();
    for (size_t i = 0; i < status->n_slots; i++)
        json_array_append_new(list, json_pack("{s:s, s:I}", "slot", status->slots[i].slot, "kept_bytes",
                                              (json_int_t)status->slots[i].bytes));
    return list;
}

json_t *status_json(const struct run_status *status)
{
    if (!status->live)
        return json_pack("{s:b, s:n, s:[], s:o, s:s}", "installed", status->installed, "migration", "live",
                         "slots", slots_json(status), "next", status_next(status));
    return json_pack(
        "{s:b, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:s}", "installed",
        status->installed, "migration", state_json(status->live), "live", live_json(status), "held",
        json_text(status->rest.held[0] ? status->rest.held : NULL), "runner_pid",
        status->runner_pid ? json_integer(status->runner_pid) : json_null(), "steps",
        (json_int_t)status->steps, "steps_done", (json_int_t)status->steps_done, "step", step_json(status),
        "throttle", throttle_json(status), "blockers", blockers_json(status->blockers, status->n_blockers),
        "old_users", users_json(status->old_users, status->n_old_users), "new_users",
        users_json(status->new_users, status->n_new_users), "verified", verified_json(&status->verified),
        "stubborn", (json_int_t)status->n_stubborn, "slots", slots_json(status), "next", status_next(status));
}
