/* What a rehearsal has shown, as a document. */

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/must.h"
#include "rehearse/report_internal.h"
#include "runbook/runbook.h"

static const struct document_column data_columns[] = {
    {"table", "table", false},     {"rows", "rows there", true},        {"copied", "rows here", true},
    {"bytes", "size there", true}, {"copied_bytes", "size here", true},
};
static const struct document_column verb_columns[] = {
    {"verb", "what", false},
    {"empty", "without rows", true},
    {"quiet", "on the copy", true},
    {"busy", "under traffic", true},
    {"likely", "on the target", true},
    {NULL, "between", true},
    {"low", NULL, true},
    {"high", NULL, true},
};
static const struct document_column step_columns[] = {
    {"step", NULL, false},
    {"verb", "in", false},
    {"what", "step", false},
    {"empty", "without rows", true},
    {"quiet", "on the copy", true},
    {"factor", "times as many rows", true},
    {"likely", "on the target", true},
    {"low", NULL, true},
    {"high", NULL, true},
    {"rests_on", "rests on", false},
};
static const struct document_column traffic_columns[] = {
    {"way", "way", false},        {"version", "version", false}, {"requests", "requests", true},
    {"errors", "errors", true},   {"p50", "p50", true},          {"p95", "p95", true},
    {"longest", "longest", true},
};

static struct document_value seconds_value(struct rehearsal *rehearsal, double seconds)
{
    return value_number(seconds, runbook_seconds(rehearsal->arena, seconds));
}

static struct document_value done_value(struct rehearsal *rehearsal, const struct timed_verb *verb)
{
    return verb->done ? seconds_value(rehearsal, verb->seconds) : value_number(NAN, "");
}

static bool is_sampled(const struct rehearsal *rehearsal)
{
    for (size_t i = 0; i < rehearsal->sample->n_tables; i++)
        if (!rehearsal->sample->tables[i].whole && !rehearsal->sample->tables[i].partitioned)
            return true;
    return false;
}

static void head(struct rehearsal *rehearsal, struct section *body)
{
    const struct sampling *sample = rehearsal->sample;
    struct arena *arena = rehearsal->arena;
    char when[40];
    time_t now = time(NULL);
    struct tm utc;
    (void)gmtime_r(&now, &utc);
    (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    body->about = rehearsal->plan->goal;
    section_field(body, "migration", "migration", value_text(rehearsal->plan->name));
    section_field(body, "digest", "digest", value_text(rehearsal->plan->digest));
    section_field(body, "target", "target",
                  value_text(rehearsal->settings->dump
                                 ? arena_printf(arena, "the dump %s", rehearsal->settings->dump)
                                 : arena_printf(arena, "PostgreSQL %s, database %s, read as %s",
                                                sample->version, sample->database, sample->user)));
    section_field(
        body, "place", "copy on",
        value_text(rehearsal->on ? place_on_described(rehearsal) : "a throwaway server of this machine"));
    section_field(body, "rehearsed_at", "rehearsed", value_text(when));
    section_field(
        body, "percent", "rows",
        value_number(rehearsal->settings->percent,
                     is_sampled(rehearsal)
                         ? arena_printf(arena, "%g %% of large tables, and what these rows point to",
                                        rehearsal->settings->percent)
                         : "all"));
    for (size_t i = 0; i < rehearsal->plan->n_tables; i++)
        if (rehearsal->plan->tables[i].strategy)
            section_field(body, NULL, rehearsal->plan->tables[i].name,
                          value_text(rehearsal->plan->tables[i].strategy));
}

static void remarks(struct rehearsal *rehearsal, struct section *body)
{
    if (rehearsal->n_remarks == 0)
        return;
    struct section *section = section_add(body, "remarks", "To know", NULL);
    for (size_t i = 0; i < rehearsal->n_remarks; i++)
        section_bullet(section, "lines", rehearsal->remarks[i]);
}

static void data(struct rehearsal *rehearsal, struct section *body)
{
    const struct sampling *sample = rehearsal->sample;
    struct section *section = section_add(body, "data", "What was copied", NULL);
    struct document_table *table =
        section_table(section, "tables", NULL, data_columns, SEGUE_COUNT(data_columns));
    for (size_t i = 0; i < sample->n_tables; i++) {
        const struct sample_table *copied = &sample->tables[i];
        section_cell(section, table, value_text(copied->relation));
        section_cell(section, table, value_count(rehearsal->arena, copied->rows));
        section_cell(section, table, value_count(rehearsal->arena, copied->copied));
        section_cell(section, table, value_bytes(rehearsal->arena, copied->bytes));
        section_cell(section, table, value_bytes(rehearsal->arena, copied->copied_bytes));
    }
    if (sample->followed > 0)
        section_field(section, "followed", "taken because others point to them",
                      value_count(rehearsal->arena, sample->followed));
    section_field(section, "scrubbed", "columns scrubbed",
                  value_count(rehearsal->arena, (double)rehearsal->settings->n_rules));
}

static void verb_row(struct rehearsal *rehearsal, struct section *section, struct document_table *table,
                     const char *name, const struct timed_verb *empty, const struct timed_verb *quiet,
                     const struct timed_verb *busy, struct range range)
{
    section_cell(section, table, value_text(name));
    section_cell(section, table, done_value(rehearsal, empty));
    section_cell(section, table, done_value(rehearsal, quiet));
    section_cell(section, table, done_value(rehearsal, busy));
    section_cell(section, table, seconds_value(rehearsal, range.likely));
    section_cell(
        section, table,
        value_text(arena_printf(rehearsal->arena, "%s and %s", runbook_seconds(rehearsal->arena, range.low),
                                runbook_seconds(rehearsal->arena, range.high))));
    section_cell(section, table, value_number(range.low, ""));
    section_cell(section, table, value_number(range.high, ""));
}

static void step_rows(struct rehearsal *rehearsal, struct section *section)
{
    struct document_table *table =
        section_detail(section, "steps", "Steps", NULL, step_columns, SEGUE_COUNT(step_columns));
    for (size_t i = 0; i < rehearsal->n_forecasts; i++) {
        const struct step_forecast *forecast = &rehearsal->forecasts[i];
        section_cell(section, table, value_text(forecast->step->id));
        section_cell(section, table,
                     value_text(forecast->back                            ? "rollback"
                                : forecast->step->phase == PHASE_CONTRACT ? "complete"
                                                                          : "start"));
        section_cell(section, table, value_text(forecast->step->title));
        section_cell(section, table, seconds_value(rehearsal, forecast->empty));
        section_cell(section, table, seconds_value(rehearsal, forecast->sample));
        section_cell(
            section, table,
            value_number(forecast->factor, arena_printf(rehearsal->arena, "%.1f", forecast->factor)));
        section_cell(section, table, seconds_value(rehearsal, forecast->seconds.likely));
        section_cell(section, table, value_number(forecast->seconds.low, ""));
        section_cell(section, table, value_number(forecast->seconds.high, ""));
        section_cell(section, table, value_text(forecast->rests_on));
    }
}

/* So many transactions a second are more than monitoring and a rehearsal itself make. */
static const double BUSY_TRANSACTIONS = 10;

/* What a forecast for a quiet target leaves out. */
static void activity(struct rehearsal *rehearsal, struct section *section)
{
    const struct sampling *sample = rehearsal->sample;
    struct arena *arena = rehearsal->arena;
    if (rehearsal->settings->dump || sample->read_seconds <= 0)
        return;
    double rate = sample->read_transactions / sample->read_seconds;
    bool busy = rate > BUSY_TRANSACTIONS || sample->read_sessions > 0;
    section_field(section, "target_transactions", "the target, while it was read",
                  value_number(rate, arena_printf(arena, "%.0f transactions a second", rate)));
    section_field(section, "target_sessions", "other sessions at work there",
                  value_count(arena, sample->read_sessions));
    section_field(section, "target_busy", "it is busy", value_number(busy, busy ? "yes" : "no"));
    section_paragraph(
        section, "busy",
        busy
            ? "The target is busy, and that is not in the forecast: where others are at work rows are moved only as fast as these "
              "bear it, and a backfill may take many times as long (docs/throttle.md)."
            : "The target was all but idle. At a busier time rows are moved only as fast as others bear it, which is not in the forecast.");
}

static void durations(struct rehearsal *rehearsal, struct section *body)
{
    const struct way *empty = &rehearsal->empty, *quiet = &rehearsal->quiet, *busy = &rehearsal->busy;
    struct section *section = section_add(body, "durations", "How long it takes", NULL);
    struct document_table *table =
        section_table(section, "verbs", NULL, verb_columns, SEGUE_COUNT(verb_columns));
    verb_row(rehearsal, section, table, "segue start", &empty->start, &quiet->start, &busy->start,
             rehearsal->start);
    verb_row(rehearsal, section, table, "segue rollback", &empty->rollback, &quiet->rollback, &busy->rollback,
             rehearsal->rollback);
    verb_row(rehearsal, section, table, "segue complete", &empty->complete, &quiet->complete, &busy->complete,
             rehearsal->complete);
    section_bullet(section, "reasons",
                   arena_printf(rehearsal->arena, "segue start: %s", rehearsal->why_start));
    section_bullet(section, "reasons",
                   arena_printf(rehearsal->arena, "segue rollback: %s", rehearsal->why_rollback));
    section_bullet(section, "reasons",
                   arena_printf(rehearsal->arena, "segue complete: %s", rehearsal->why_complete));
    activity(rehearsal, section);
    section_paragraph(
        section, "rests_on",
        "The forecast is for the target with nobody else at work. What a step takes without rows it takes there too; "
        "what is above that grows with the rows of its table, and with an index as sorting does.");
    step_rows(rehearsal, section);
}

static bool schema(struct rehearsal *rehearsal, struct section *body)
{
    struct section *section = section_add(body, "schema", "The schema afterwards", NULL);
    section_field(
        section, "differences", "against what psql makes of the file",
        value_number((double)rehearsal->n_differences,
                     rehearsal->n_differences == 0
                         ? "the same"
                         : arena_printf(rehearsal->arena, "%zu lines differ", rehearsal->n_differences)));
    if (rehearsal->n_differences)
        section_code(section, "lines that only psql's (-) or only this one (+) has",
                     text_string(&rehearsal->differences));
    return rehearsal->n_differences == 0;
}

static struct document_value ms(struct rehearsal *rehearsal, double value)
{
    return value_number(value, arena_printf(rehearsal->arena, "%.1f ms", value));
}

static bool traffic(struct rehearsal *rehearsal, struct section *body)
{
    static const char *const ways[] = {"start and rollback", "start and complete"};
    bool clean = true;
    if (rehearsal->n_traffic == 0)
        return true;
    struct section *section = section_add(body, "traffic", "Both versions at work", NULL);
    struct document_table *table =
        section_table(section, "versions", NULL, traffic_columns, SEGUE_COUNT(traffic_columns));
    for (size_t i = 0; i < rehearsal->n_traffic; i++) {
        const struct drive_report *report = &rehearsal->traffic[i];
        clean = clean && drive_report_clean(report);
        for (int version = 0; version < DRIVE_VERSIONS; version++) {
            const struct drive_latency *total = &report->total[version];
            section_cell(section, table, value_text(ways[i < SEGUE_COUNT(ways) ? i : 0]));
            section_cell(section, table, value_text(version == DRIVE_OLD ? "old" : "new"));
            section_cell(section, table, value_count(rehearsal->arena, (double)total->requests));
            section_cell(section, table, value_count(rehearsal->arena, (double)total->errors));
            section_cell(section, table, ms(rehearsal, total->p50));
            section_cell(section, table, ms(rehearsal, total->p95));
            section_cell(section, table, ms(rehearsal, total->longest));
        }
        for (size_t j = 0; j < report->n_findings; j++)
            section_bullet(section, "findings",
                           arena_printf(rehearsal->arena, "%s: %s %s (%s)",
                                        ways[i < SEGUE_COUNT(ways) ? i : 0],
                                        report->findings[j].sqlstate ? report->findings[j].sqlstate : "",
                                        report->findings[j].message ? report->findings[j].message : "",
                                        report->findings[j].statement ? report->findings[j].statement : ""));
        for (size_t j = 0; j < report->n_notes && i == 0; j++)
            section_bullet(section, "notes", report->notes[j]);
    }
    return clean;
}

struct document *rehearsal_report(struct rehearsal *rehearsal, bool *clean)
{
    struct document *document = document_new(
        rehearsal->arena, arena_printf(rehearsal->arena, "Rehearsal of %s", rehearsal->plan->name));
    struct section *body = document->body;
    head(rehearsal, body);
    remarks(rehearsal, body);
    durations(rehearsal, body);
    bool same = schema(rehearsal, body);
    bool undisturbed = traffic(rehearsal, body);
    undisturbed = report_replayed(rehearsal, body) && undisturbed;
    undisturbed = report_locks(rehearsal, body) && undisturbed;
    report_statements(rehearsal, body);
    report_plans(rehearsal, body);
    undisturbed = report_sequences(rehearsal, body) && undisturbed;
    data(rehearsal, body);
    *clean = same && undisturbed;
    return document;
}
