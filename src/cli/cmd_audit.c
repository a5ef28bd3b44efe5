/* segue audit: how the schema stands after its migrations. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/grid.h"
#include "cli/report.h"
#include "cli/state.h"

static json_t *tables_json(const struct audit *audit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < audit->n_tables; i++) {
        const struct audit_table *table = &audit->tables[i];
        json_array_append_new(
            array, json_pack("{s:o, s:o, s:b, s:I, s:i}", "name", json_text(table->name), "rows",
                             table->rows < 0 ? json_null() : json_integer((json_int_t)table->rows), "counted",
                             table->counted, "bytes", (json_int_t)table->bytes, "indexes", table->indexes));
    }
    return array;
}

static json_t *findings_json(const struct audit *audit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < audit->n_findings; i++) {
        const struct audit_finding *finding = &audit->findings[i];
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o}", "rule", json_text(finding->rule), "object",
                                        json_text(finding->object), "message", json_text(finding->message),
                                        "hint", json_text(finding->hint)));
    }
    return array;
}

static void print_tables(struct arena *arena, const struct audit *audit)
{
    static const char *const titles[] = {"table", "rows", "MB", "indexes"};
    static const double megabyte = 1024 * 1024;
    struct grid grid = {.arena = arena, .columns = SEGUE_COUNT(titles)};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < SEGUE_COUNT(titles); i++)
        grid_cell(&grid, titles[i]);
    for (size_t i = 0; i < audit->n_tables; i++) {
        const struct audit_table *table = &audit->tables[i];
        grid_cell(&grid, table->name);
        grid_cell(&grid, table->rows < 0 ? "not known"
                                         : arena_printf(arena, "%s%" PRId64, table->counted ? "" : "about ",
                                                        table->rows));
        grid_cell(&grid, arena_printf(arena, "%.1f", (double)table->bytes / megabyte));
        grid_cell(&grid, arena_printf(arena, "%d", table->indexes));
    }
    grid_print(&grid, &out);
    (void)fputs(text_string(&out), stdout);
}

static void print_text(struct arena *arena, const struct audit *audit)
{
    print_tables(arena, audit);
    printf("\n");
    for (size_t i = 0; i < audit->n_findings; i++)
        printf("%s: %s\n    %s\n", audit->findings[i].rule, audit->findings[i].message,
               audit->findings[i].hint);
    if (!audit->n_findings)
        printf("Nothing was found.\n");
}

/* What belongs to a migration that is under way would look like something left behind. */
static bool is_at_rest(const struct invocation *call, struct session *session, struct error *err)
{
    struct state_migration *live;
    size_t n;
    if (!call->engine->state_live(session, call->arena, false, &live, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(live[i].schema, call->schema) != 0)
            continue;
        error_set(err, ERROR_REFUSED, "migration %s is under way (%s)", live[i].name, live[i].state);
        return error_hint(err,
                          "the audit is for afterwards; segue verify and segue status are for meanwhile");
    }
    return true;
}

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct audit audit;
    if (!call_open(call, "segue audit", false, &session, err) || !state_required(call, session, err) ||
        !is_at_rest(call, session, err) ||
        !call->engine->audit(session, call->schema, given(call, "count"), call->arena, &audit, err))
        return false;
    if (call->json)
        json_print(json_pack("{s:o, s:o, s:o}", "schema", json_text(call->schema), "tables",
                             tables_json(&audit), "findings", findings_json(&audit)));
    else
        print_text(call->arena, &audit);
    call->status = audit.n_findings ? 1 : 0;
    return true;
}

static const struct command_option options[] = {
    {.name = "count",
     .help = "Count the rows of each table, which reads all of them; else the server's estimate is shown."},
    {0},
};

static const char *const description[] = {
    "Looks at a schema after segue complete: its tables with their rows and sizes, and what is not as it should be: indexes that "
    "are not valid, constraints that were never validated, triggers that are switched off, sequences behind the numbers that "
    "their columns have, tables without statistics, and anything of segue's own that was left behind.",
    "It only reads. The highest number of a column that a sequence numbers is read from its index, where it has one.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue audit", "How schema public stands."},
    {"segue audit --count --json", "With counted rows, for a program."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "Nothing was found."},
    {1, "Something was found; the list says what. Or refused, while a migration is under way."},
    {2, "The command line is wrong."},
    {3, "The database reported an error, or the connection was lost."},
    {0, NULL},
};

const struct command command_audit = {
    .name = "audit",
    .summary = "look at a schema after its migrations",
    .options = options,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
