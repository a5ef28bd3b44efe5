/* segue history: the migrations that this database has seen. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/grid.h"
#include "cli/report.h"
#include "cli/state.h"

static void print_table(struct arena *arena, const struct state_migration *list, size_t n)
{
    static const char *const titles[] = {"migration", "state", "started", "both live", "finished"};
    struct grid grid = {.arena = arena, .columns = SEGUE_COUNT(titles)};
    for (size_t i = 0; i < SEGUE_COUNT(titles); i++)
        grid_cell(&grid, titles[i]);
    for (size_t i = 0; i < n; i++) {
        grid_cell(&grid, list[i].name);
        grid_cell(&grid, arena_printf(arena, "%s%s", list[i].state, list[i].paused ? " (paused)" : ""));
        grid_cell(&grid, state_time(arena, list[i].started_at));
        grid_cell(&grid, state_time(arena, list[i].active_at));
        grid_cell(&grid, state_time(arena, list[i].finished_at));
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    grid_print(&grid, &out);
    (void)fputs(text_string(&out), stdout);
}

static json_t *baseline_json(const struct baseline *baseline)
{
    if (!baseline->there)
        return json_null();
    json_t *names = json_array();
    for (size_t i = 0; i < baseline->n_adopted; i++)
        json_array_append_new(names, json_text(baseline->adopted[i].name));
    return json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "schema", json_text(baseline->schema), "fingerprint",
                     json_text(baseline->fingerprint), "objects", (json_int_t)baseline->n_objects, "made_by",
                     json_text(baseline->made_by), "made_at", json_text(baseline->made_at), "adopted", names);
}

static void print_baseline(struct arena *arena, const struct baseline *baseline)
{
    if (!baseline->there)
        return;
    printf("Baseline of schema %s: %s, by %s, fingerprint %.16s", baseline->schema,
           state_time(arena, baseline->made_at), baseline->made_by, baseline->fingerprint);
    if (baseline->n_adopted)
        printf(", migrations up to %s", baseline->adopted[baseline->n_adopted - 1].name);
    printf("\n");
}

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct state_migration *list = NULL;
    struct baseline baseline;
    size_t n = 0;
    if (!call_open(call, "segue history", false, &session, err) || !state_required(call, session, err) ||
        !call->engine->baseline_load(session, call->schema, call->arena, &baseline, err) ||
        !call->engine->state_history(session, call->arena, &list, &n, err))
        return false;
    if (!call->json)
        print_baseline(call->arena, &baseline);
    if (call->json) {
        json_t *array = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(array, state_json(&list[i]));
        json_print(json_pack("{s:o, s:o}", "baseline", baseline_json(&baseline), "migrations", array));
    } else if (n) {
        print_table(call->arena, list, n);
    } else {
        printf("No migration has been started yet.\n");
    }
    return true;
}

static const char *const description[] = {
    "Lists the migrations that were started in this database, the first one first: their state, when they were started, when "
    "both versions were live, and when they were completed or rolled back. Above them stands the baseline of the schema, where it "
    "has one.",
    NULL,
};

const struct command command_history = {
    .name = "history",
    .summary = "list the migrations of a database",
    .description = description,
    .run = run,
};
