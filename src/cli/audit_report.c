#include "cli/audit_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/layout.h"
#include "cli/state.h"
#include "runbook/forecast.h"
#include "runbook/runbook.h"

static const char *size(struct arena *arena, int64_t bytes)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_bytes(&out, (double)bytes);
    return arena_strdup(arena, text_string(&out));
}

static const char *count(struct arena *arena, double n)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_count(&out, n);
    return arena_strdup(arena, text_string(&out));
}

static void say(struct section *section, const char *label, const char *text)
{
    if (text && *text)
        section_paragraph(section, NULL, arena_printf(section->arena, "%s%s", label, text));
}

static struct document_table *table_of(struct section *section, const char *const *titles, size_t n)
{
    struct document_column *columns = arena_alloc(section->arena, n * sizeof *columns);
    for (size_t i = 0; i < n; i++)
        columns[i] = (struct document_column){.title = titles[i]};
    return section_table(section, NULL, NULL, columns, n);
}

static void cell(struct section *section, struct document_table *table, const char *text)
{
    section_cell(section, table, value_text(text));
}

/* What the people who work with the database should know. */
static void note(const struct audit_report *report, struct section *body)
{
    struct arena *arena = body->arena;
    struct section *section = section_add(body, NULL, "Note for the team", NULL);
    const struct state_migration *migration = report->migration;
    double rows = 0;
    for (size_t i = 0; i < report->audit->n_steps; i++)
        rows += report->audit->steps[i].rows_forecast >= 0 ? report->audit->steps[i].rows : 0;
    say(section, "",
        arena_printf(
            arena,
            "%s is complete since %s; it was started on %s. Version %s is gone: applications use schema %s, as "
            "before, or version %s. There is no way back but a new migration.",
            migration->name, state_time(arena, migration->finished_at),
            state_time(arena, migration->started_at), migration->old_version, migration->schema,
            migration->new_version));
    say(section, "Goal: ", migration->goal);
    say(section, "Owner: ", migration->owner);
    if (rows > 0)
        say(section, "",
            arena_printf(arena, "%s rows were moved and compared on the way.", count(arena, rows)));
    say(section, "",
        report->audit->n_findings
            ? arena_printf(arena, "To do: %zu thing%s, listed below.", report->audit->n_findings,
                           report->audit->n_findings == 1 ? "" : "s")
            : "Nothing is left to do.");
}

static void findings(const struct audit *audit, struct section *body)
{
    static const char *const titles[] = {"rule", "what was found", "what to do"};
    struct section *section = section_add(body, NULL, "Findings", NULL);
    if (!audit->n_findings) {
        say(section, "", "Nothing was found.");
        return;
    }
    struct document_table *table = table_of(section, titles, SEGUE_COUNT(titles));
    for (size_t i = 0; i < audit->n_findings; i++) {
        cell(section, table, audit->findings[i].rule);
        cell(section, table, audit->findings[i].message);
        cell(section, table, audit->findings[i].hint);
    }
}

static const char *rows_of(struct arena *arena, const struct audit_table *table)
{
    if (table->rows < 0)
        return "not known";
    return arena_printf(arena, "%s%s", table->counted ? "" : "about ", count(arena, (double)table->rows));
}

static void tables(const struct audit *audit, struct section *body)
{
    static const char *const titles[] = {"table", "rows", "when planned", "size", "indexes", "checksum"};
    struct arena *arena = body->arena;
    struct section *section = section_add(body, NULL, "Tables", NULL);
    bool summed = audit->n_tables && audit->tables[0].checksum;
    if (!audit->n_tables) {
        say(section, "", "The schema has none.");
        return;
    }
    struct document_table *table = table_of(section, titles, SEGUE_COUNT(titles) - !summed);
    for (size_t i = 0; i < audit->n_tables; i++) {
        const struct audit_table *one = &audit->tables[i];
        cell(section, table, one->name);
        cell(section, table, rows_of(arena, one));
        cell(section, table, one->rows_planned < 0 ? "" : count(arena, (double)one->rows_planned));
        cell(section, table, size(arena, one->bytes));
        cell(section, table, arena_printf(arena, "%d", one->indexes));
        if (summed)
            cell(section, table, one->checksum);
    }
}

static void changes(const struct audit *audit, struct section *body)
{
    static const char *const titles[] = {"what", "object"};
    if (!audit->n_changes)
        return;
    struct section *section = section_add(body, NULL, "What has changed", NULL);
    struct document_table *table = table_of(section, titles, SEGUE_COUNT(titles));
    for (size_t i = 0; i < audit->n_changes; i++) {
        cell(section, table, audit->changes[i].added ? "added" : "removed");
        cell(section, table, audit->changes[i].line);
    }
}

struct range audit_forecast(const struct audit *audit, const struct audit_step *step)
{
    const struct forecast forecast = forecast_new(audit->plan, NULL);
    return forecast_step(&forecast, plan_step(audit->plan, step->id));
}

static const char *range_text(struct arena *arena, struct range range)
{
    return arena_printf(arena, "%s to %s", runbook_seconds(arena, range.low),
                        runbook_seconds(arena, range.high));
}

static void forecasts(const struct audit *audit, struct section *body)
{
    static const char *const titles[] = {"step", "takes", "forecast", "it took", "rows forecast", "rows"};
    struct arena *arena = body->arena;
    if (!audit->n_steps)
        return;
    struct section *section = section_add(body, NULL, "Forecast and what came", NULL);
    struct document_table *table = table_of(section, titles, SEGUE_COUNT(titles));
    for (size_t i = 0; i < audit->n_steps; i++) {
        const struct audit_step *step = &audit->steps[i];
        bool walks = step->rows_forecast >= 0;
        cell(section, table, step->title);
        cell(section, table, step->duration);
        cell(section, table, range_text(arena, audit_forecast(audit, step)));
        cell(section, table, step->seconds < 0 ? "" : runbook_seconds(arena, step->seconds));
        cell(section, table, walks ? count(arena, step->rows_forecast) : "");
        cell(section, table, walks ? count(arena, step->rows) : "");
    }
}

struct document *audit_document(const struct audit_report *report, struct arena *arena)
{
    struct document *document =
        document_new(arena, arena_printf(arena, "Audit of schema %s%s%s", report->schema,
                                         report->migration ? " after " : "",
                                         report->migration ? report->migration->name : ""));
    if (report->migration)
        note(report, document->body);
    findings(report->audit, document->body);
    tables(report->audit, document->body);
    changes(report->audit, document->body);
    forecasts(report->audit, document->body);
    return document;
}
