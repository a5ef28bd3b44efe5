/* segue audit: how the schema stands after its migrations. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/audit_report.h"
#include "cli/report.h"
#include "cli/state.h"
#include "cli/terminal.h"
#include "run/run.h"

static const char completed[] = "completed";

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

/* The one that was named, else the last one that is complete; none: NULL. */
static bool choose(const struct invocation *call, struct session *session, const struct state_migration **out,
                   struct error *err)
{
    const char *name = argument_at(call, 0);
    struct state_migration *all;
    size_t n;
    *out = NULL;
    if (!call->engine->state_history(session, call->arena, &all, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].schema, call->schema) == 0 && strcmp(all[i].state, completed) == 0 &&
            (!name || strcmp(all[i].name, name) == 0))
            *out = &all[i];
    if (*out || !name)
        return true;
    error_set(err, ERROR_REFUSED, "no migration %s was completed in schema %s", name, call->schema);
    return error_hint(err, "segue history lists them");
}

static void print(const struct invocation *call, const struct audit_report *report)
{
    const char *format = given_value(call, "format");
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (call->json || strcmp(format, "json") == 0) {
        json_print(audit_json(report));
        return;
    }
    const struct document *document = audit_document(report, call->arena);
    if (strcmp(format, "markdown") == 0)
        document_to_markdown(document, &out);
    else if (strcmp(format, "html") == 0)
        document_to_html(document, &out);
    else
        document_to_text(document, call->color, terminal_width(STDOUT_FILENO), &out);
    (void)fputs(text_string(&out), stdout);
}

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    const struct audit_wish wish = {.count = given(call, "count"), .checksums = given(call, "checksums")};
    const char *against = given_value(call, "against");
    struct audit audit;
    struct audit_report report = {.schema = call->schema, .audit = &audit};
    if (!call_open(call, "segue audit", false, &session, err) || !state_required(call, session, err) ||
        !is_at_rest(call, session, err) || !choose(call, session, &report.migration, err) ||
        !run_audit(call->engine, session, call->schema, report.migration, &wish, call->arena, &audit, err) ||
        (against && !audit_against(against, call->arena, &audit, err)))
        return false;
    print(call, &report);
    call->status = audit.n_findings ? 1 : 0;
    return true;
}

static const struct command_option options[] = {
    {.name = "count",
     .help = "Count the rows of each table, which reads all of them; else the server's estimate is shown."},
    {.name = "checksums",
     .help =
         "Count them, and sum up their values: the same for the same rows, whatever their order, on any server."},
    {.name = "against",
     .value = "FILE",
     .help =
         "The JSON of an earlier audit, of this database or another one: what its tables had must be there.",
     .kind = VALUE_FILE},
    {.name = "format",
     .value = "FORMAT",
     .help = "text, markdown, html (one page that needs nothing else) or json.",
     .fallback = "text",
     .kind = VALUE_WORDS,
     .words = "text markdown html json"},
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "MIGRATION",
     .help = "The completed migration to look back on. Default: the last one.",
     .optional = true},
    {0},
};

static const char *const description[] = {
    "Looks at a schema after segue complete. It names what is not as it should be: indexes that are not valid, constraints that "
    "were never validated, triggers that are switched off, sequences behind the numbers that their columns have, statistics that "
    "are missing or stale, and anything of segue's own that was left behind.",
    "It looks back on the migration: what was lost while it was under way though it did not ask for that, rights that are gone, "
    "what was changed since its end, whether both shapes of all rows were compared, and what came of the plan's forecasts. "
    "Above stands a note for the team. Inventories of the schema that segue makes at the begin and the end of a migration are "
    "the measure; of each schema the last one is kept.",
    "It only reads. The highest number of a column that a sequence numbers is read from its index, where it has one.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue audit", "How schema public stands."},
    {"segue audit --format html > audit.html", "For the ticket."},
    {"segue audit --checksums --json > before.json", "Counted and summed up, for a program."},
    {"segue audit --checksums --against before.json",
     "Whether the rows are the same, here or on another server."},
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
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
