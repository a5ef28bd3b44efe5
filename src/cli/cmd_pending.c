/* segue pending: a folder of migrations beside what the database has seen of them. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/grid.h"
#include "cli/report.h"
#include "cli/state.h"
#include "run/run.h"

static const char *finding(const struct folder_entry *entry)
{
    if (entry->edited)
        return "changed after it was applied";
    if (!entry->path)
        return "its file is missing";
    return entry->out_of_order ? "out of order: a later one was applied" : "";
}

static void print_table(struct arena *arena, const struct run_folder *folder)
{
    static const char *const titles[] = {"migration", "state", "started", "finished", ""};
    struct grid grid = {.arena = arena, .columns = SEGUE_COUNT(titles)};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < SEGUE_COUNT(titles); i++)
        grid_cell(&grid, titles[i]);
    for (size_t i = 0; i < folder->n_entries; i++) {
        const struct folder_entry *entry = &folder->entries[i];
        grid_cell(&grid, entry->name);
        grid_cell(&grid, entry->applied ? entry->applied->state : "pending");
        grid_cell(&grid, entry->applied ? state_time(arena, entry->applied->started_at) : NULL);
        grid_cell(&grid, entry->applied ? state_time(arena, entry->applied->finished_at) : NULL);
        grid_cell(&grid, finding(entry));
    }
    grid_print(&grid, &out);
    (void)fputs(text_string(&out), stdout);
}

static json_t *entry_json(const struct folder_entry *entry)
{
    return json_pack("{s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:o}", "name", json_text(entry->name), "file",
                     json_text(entry->path), "state",
                     json_text(entry->applied ? entry->applied->state : NULL), "pending", !entry->applied,
                     "edited", entry->edited, "missing", !entry->path, "out_of_order", entry->out_of_order,
                     "digest", json_text(entry->applied ? entry->applied->digest : NULL));
}

static json_t *folder_json(const struct run_folder *folder)
{
    json_t *array = json_array();
    for (size_t i = 0; i < folder->n_entries; i++)
        json_array_append_new(array, entry_json(&folder->entries[i]));
    return json_pack("{s:o, s:I, s:I, s:I, s:I}", "migrations", array, "pending",
                     (json_int_t)folder->n_pending, "edited", (json_int_t)folder->n_edited, "missing",
                     (json_int_t)folder->n_missing, "out_of_order", (json_int_t)folder->n_out_of_order);
}

static bool run(struct invocation *call, struct error *err)
{
    struct run_settings settings;
    struct run_folder folder;
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    if (!run_folder(&settings, argument_at(call, 0), call->arena, &folder, err))
        return false;
    if (call->json)
        json_print(folder_json(&folder));
    else
        print_table(call->arena, &folder);
    call->status = folder.n_edited || folder.n_missing || folder.n_out_of_order ? 1 : 0;
    return true;
}

static const struct command_argument arguments[] = {
    {.name = "FOLDER", .help = "A folder of migrations.", .kind = VALUE_DIRECTORY},
    {0},
};

static const char *const description[] = {
    "Lists the files of a folder in the order of their names, and how each stands in this database: pending, under way or "
    "completed. A file that was changed after it was applied, one that is pending although a later one was applied, and a "
    "migration that was applied and has no file there are findings.",
    "A file is known by its name, and by a fingerprint of its bytes in which CRLF counts as LF. It only reads.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue pending migrations", "What segue start migrations would do next is the first pending one."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "The folder is what the database has seen, and perhaps more."},
    {1, "Something was found; the list says what. Or refused."},
    {2, "The command line is wrong."},
    {3, "The database reported an error, or the connection was lost."},
    {0, NULL},
};

const struct command command_pending = {
    .name = "pending",
    .summary = "compare a folder of migrations with a database",
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
