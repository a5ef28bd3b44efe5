#include "cli/audit_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/layout.h"
#include "cli/state.h"

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

static const char *seconds(struct arena *arena, double value)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (value >= 0)
        layout_seconds(&out, value);
    return arena_strdup(arena, text_string(&out));
}

static void say(struct page *out, const char *label, const char *text)
{
    if (text && *text)
        page_paragraph(out, arena_printf(out->arena, "%s%s", label, text));
}

/* What the people who work with the database should know. */
static void note(const struct audit_report *report, struct page *out)
{
    struct arena *arena = out->arena;
    const struct state_migration *migration = report->migration;
    double rows = 0;
    for (size_t i = 0; i < report->audit->n_steps; i++)
        rows += report->audit->steps[i].rows_forecast >= 0 ? report->audit->steps[i].rows : 0;
    page_heading(out, "Note for the team");
    page_paragraph(
        out,
        arena_printf(arena,
                     "%s is complete since %s; it was started on %s. Version %s is gone: applications use "
                     "schema %s, as before, or version %s. There is no way back but a new migration.",
                     migration->name, state_time(arena, migration->finished_at),
                     state_time(arena, migration->started_at), migration->old_version, migration->schema,
                     migration->new_version));
    say(out, "Goal: ", migration->goal);
    say(out, "Owner: ", migration->owner);
    if (rows > 0)
        page_paragraph(
            out, arena_printf(arena, "%s rows were moved and compared on the way.", count(arena, rows)));
    page_paragraph(out, report->audit->n_findings ? arena_printf(arena, "To do: %zu thing%s, listed below.",
                                                                 report->audit->n_findings,
                                                                 report->audit->n_findings == 1 ? "" : "s")
                                                  : "Nothing is left to do.");
}

static void findings(const struct audit *audit, struct page *out)
{
    static const char *const titles[] = {"rule", "what was found", "what to do"};
    page_heading(out, "Findings");
    if (!audit->n_findings) {
        page_paragraph(out, "Nothing was found.");
        return;
    }
    page_table(out, titles, SEGUE_COUNT(titles));
    for (size_t i = 0; i < audit->n_findings; i++) {
        page_cell(out, audit->findings[i].rule);
        page_cell(out, audit->findings[i].message);
        page_cell(out, audit->findings[i].hint);
    }
}

static const char *rows_of(struct arena *arena, const struct audit_table *table)
{
    if (table->rows < 0)
        return "not known";
    return arena_printf(arena, "%s%s", table->counted ? "" : "about ", count(arena, (double)table->rows));
}

static void tables(const struct audit *audit, struct page *out)
{
    static const char *const titles[] = {"table", "rows", "when planned", "size", "indexes", "checksum"};
    bool summed = audit->n_tables && audit->tables[0].checksum;
    page_heading(out, "Tables");
    if (!audit->n_tables) {
        page_paragraph(out, "The schema has none.");
        return;
    }
    page_table(out, titles, SEGUE_COUNT(titles) - !summed);
    for (size_t i = 0; i < audit->n_tables; i++) {
        const struct audit_table *table = &audit->tables[i];
        page_cell(out, table->name);
        page_cell(out, rows_of(out->arena, table));
        page_cell(out, table->rows_planned < 0 ? "" : count(out->arena, (double)table->rows_planned));
        page_cell(out, size(out->arena, table->bytes));
        page_cell(out, arena_printf(out->arena, "%d", table->indexes));
        if (summed)
            page_cell(out, table->checksum);
    }
}

static void changes(const struct audit *audit, struct page *out)
{
    static const char *const titles[] = {"", "object"};
    if (!audit->n_changes)
        return;
    page_heading(out, "What has changed");
    page_table(out, titles, SEGUE_COUNT(titles));
    for (size_t i = 0; i < audit->n_changes; i++) {
        page_cell(out, audit->changes[i].added ? "added" : "removed");
        page_cell(out, audit->changes[i].line);
    }
}

static void forecasts(const struct audit *audit, struct page *out)
{
    static const char *const titles[] = {"step", "forecast", "it took", "rows forecast", "rows"};
    struct arena *arena = out->arena;
    if (!audit->n_steps)
        return;
    page_heading(out, "Forecast and what came");
    page_table(out, titles, SEGUE_COUNT(titles));
    for (size_t i = 0; i < audit->n_steps; i++) {
        const struct audit_step *step = &audit->steps[i];
        bool walks = step->rows_forecast >= 0;
        page_cell(out, step->title);
        page_cell(out, step->duration);
        page_cell(out, seconds(arena, step->seconds));
        page_cell(out, walks ? count(arena, step->rows_forecast) : "");
        page_cell(out, walks ? count(arena, step->rows) : "");
    }
}

void audit_page(const struct audit_report *report, struct page *out)
{
    out->title =
        arena_printf(out->arena, "Audit of schema %s%s%s", report->schema, report->migration ? " after " : "",
                     report->migration ? report->migration->name : "");
    if (report->migration)
        note(report, out);
    findings(report->audit, out);
    tables(report->audit, out);
    changes(report->audit, out);
    forecasts(report->audit, out);
}
