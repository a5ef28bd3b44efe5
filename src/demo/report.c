#include "demo/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "demo/numbers.h"
#include "web.h"

void report_escaped(const char *string, struct text *out)
{
    for (; *string != '\0'; string++) {
        switch (*string) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '"': text_append(out, "&quot;"); break;
        default: text_append_char(out, *string); break;
        }
    }
}

static uint64_t all_errors(const struct demo_figures *figures)
{
    return figures->side[DRIVE_OLD].errors + figures->side[DRIVE_NEW].errors;
}

static void title(const struct demo_report *report, struct text *out)
{
    text_append(out, report->figures->rollback ? "A schema change, taken back under traffic"
                                               : "A schema change under traffic");
}

static void subtitle(const struct demo_report *report, struct text *out)
{
    report_escaped(report->server, out);
    text_append(out, " · ");
    report_escaped(report->when, out);
}

static void summary(const struct demo_report *report, struct text *out)
{
    const struct demo_figures *figures = report->figures;
    char rows[NUMBER_SIZE];
    char requests[NUMBER_SIZE];
    uint64_t total = figures->side[DRIVE_OLD].requests + figures->side[DRIVE_NEW].requests;
    text_printf(
        out,
        "A shop with %s orders changed its schema while an old and a new version of its application kept reading and "
        "writing: %s requests. ",
        number_count((double)figures->rows, rows), number_count((double)total, requests));
    if (!figures_clean(figures))
        text_append(out, "<strong>Something went wrong; it is listed below.</strong>");
    else if (figures->rollback)
        text_append(
            out,
            "None failed, both versions saw the same rows, and after the way back the schema is what it was before.");
    else
        text_append(
            out,
            "None failed, both versions saw the same rows, and the schema is what the plain SQL makes of it.");
}

static void tile(struct text *out, const char *value, const char *label, bool good, bool bad)
{
    text_printf(out, "<div class=\"tile%s\"><b>%s</b><span>%s</span></div>\n",
                bad    ? " bad"
                : good ? " good"
                       : "",
                value, label);
}

static void tiles(const struct demo_report *report, struct text *out)
{
    const struct demo_figures *figures = report->figures;
    const struct demo_side *old = &figures->side[DRIVE_OLD];
    const struct demo_side *new = &figures->side[DRIVE_NEW];
    char value[NUMBER_SIZE];
    uint64_t errors = all_errors(figures);
    double longest = old->longest_stall > new->longest_stall ? old->longest_stall : new->longest_stall;
    tile(out, number_count((double)errors, value), "failed requests", errors == 0, errors > 0);
    tile(out, number_count((double)figures->mismatches, value), "mismatches seen by the applications",
         figures->mismatches == 0, figures->mismatches > 0);
    tile(out, number_count((double)figures->schema_diff_lines, value), "differences between the schemas",
         figures->schema_diff_lines == 0, figures->schema_diff_lines > 0);
    tile(out, number_ms(longest, value), "longest wait of any request", false, false);
    if (old->baseline_p95 > 0) {
        snprintf(value, sizeof value, "%.2f ×", old->p95 / old->baseline_p95);
        tile(out, value, "p95 while backfilling, against the quiet baseline", false, false);
    }
    tile(out, number_count(figures->backfill_rows_per_s, value), "rows a second backfilled", false, false);
}

static void figure_row(struct text *out, const char *label, const char *old, const char *new)
{
    text_printf(
        out, "<tr><th scope=\"row\">%s</th><td class=\"number\">%s</td><td class=\"number\">%s</td></tr>\n",
        label, old, new);
}

typedef const char *formatted(double value, char buffer[NUMBER_SIZE]);

static void figure(struct text *out, const char *label, formatted *format, double old, double new)
{
    char first[NUMBER_SIZE];
    char second[NUMBER_SIZE];
    figure_row(out, label, format(old, first), format(new, second));
}

static void figures_rows(const struct demo_report *report, struct text *out)
{
    const struct demo_side *old = &report->figures->side[DRIVE_OLD];
    const struct demo_side *new = &report->figures->side[DRIVE_NEW];
    const struct drive_latency *totals = report->traffic->total;
    char p95[NUMBER_SIZE];
    figure(out, "Requests", number_count, (double)old->requests, (double)new->requests);
    figure(out, "Errors", number_count, (double)old->errors, (double)new->errors);
    figure_row(out, "p95 of the quiet baseline", number_ms(old->baseline_p95, p95), "");
    figure_row(out, "p95 while backfilling", number_ms(old->p95, p95), "");
    figure_row(out, "p95 while both are live", "", number_ms(new->p95, p95));
    figure(out, "p50 of all", number_ms, totals[DRIVE_OLD].p50, totals[DRIVE_NEW].p50);
    figure(out, "p95 of all", number_ms, totals[DRIVE_OLD].p95, totals[DRIVE_NEW].p95);
    figure(out, "p99 of all", number_ms, totals[DRIVE_OLD].p99, totals[DRIVE_NEW].p99);
    figure(out, "p99.9 of all", number_ms, totals[DRIVE_OLD].p999, totals[DRIVE_NEW].p999);
    figure(out, "Longest wait", number_ms, old->longest_stall, new->longest_stall);
}

static void phase_rows(const struct demo_report *report, struct text *out)
{
    char begins[NUMBER_SIZE];
    char takes[NUMBER_SIZE];
    for (size_t i = 0; i < DEMO_PHASES; i++) {
        const struct demo_phase *phase = &report->figures->phases[i];
        if (phase->began_us == 0)
            continue;
        double at = (double)(phase->began_us - report->traffic_began_us) / 1e6;
        text_printf(out, "<tr><th scope=\"row\">%zu. ", i + 1);
        report_escaped(phase->title, out);
        text_printf(out, "</th><td class=\"number\">%s</td><td class=\"number\">%s</td></tr>\n",
                    at >= 0 ? number_seconds(at, begins) : "before",
                    number_seconds(demo_phase_seconds(phase), takes));
    }
}

static void traffic_findings(const struct drive_report *traffic, struct text *out)
{
    static const char *const kinds[] = {"error", "mismatch", "lost row"};
    if (traffic->n_findings == 0)
        return;
    text_append(
        out,
        "<h2>What the applications found</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Kind</th>"
        "<th scope=\"col\">Version</th><th scope=\"col\" class=\"number\">Times</th><th scope=\"col\">What</th></tr>"
        "</thead>\n<tbody>\n");
    for (size_t i = 0; i < traffic->n_findings; i++) {
        const struct drive_finding *finding = &traffic->findings[i];
        text_printf(out, "<tr><td>%s</td><td>%s</td><td class=\"number\">%llu</td><td>", kinds[finding->kind],
                    finding->version == DRIVE_OLD ? "old" : "new", (unsigned long long)finding->count);
        report_escaped(finding->sqlstate != NULL ? finding->sqlstate : "", out);
        text_append_char(out, ' ');
        report_escaped(finding->message != NULL ? finding->message : "", out);
        text_append(out, "<br><code>");
        report_escaped(finding->statement != NULL ? finding->statement : "", out);
        text_append(out, "</code></td></tr>\n");
    }
    text_append(out, "</tbody></table></div>\n");
}

static void findings(const struct demo_report *report, struct text *out)
{
    traffic_findings(report->traffic, out);
    if (report->figures->schema_diff_lines == 0)
        return;
    text_append(out, "<h2>Where the schemas differ</h2>\n<pre>");
    report_escaped(report->schema_differences, out);
    text_append(out, "</pre>\n");
}

static void migration(const struct demo_report *report, struct text *out)
{
    report_escaped(report->migration, out);
}

static void plan(const struct demo_report *report, struct text *out)
{
    report_escaped(report->plan, out);
}

/* The template's slots: {{name}} is replaced by what the function writes. */
static const struct {
    const char *name;
    void (*write)(const struct demo_report *report, struct text *out);
} slots[] = {
    {"title", title},       {"subtitle", subtitle},  {"summary", summary},
    {"tiles", tiles},       {"chart", report_chart}, {"figures", figures_rows},
    {"phases", phase_rows}, {"findings", findings},  {"migration", migration},
    {"plan", plan},
};

static void fill_slot(const struct demo_report *report, const char *name, size_t length, struct text *out)
{
    for (size_t i = 0; i < SEGUE_COUNT(slots); i++) {
        if (strlen(slots[i].name) == length && strncmp(slots[i].name, name, length) == 0)
            slots[i].write(report, out);
    }
}

void report_html(const struct demo_report *report, struct text *out)
{
    const char *from = web_demo_report;
    for (;;) {
        const char *open = strstr(from, "{{");
        const char *close = open != NULL ? strstr(open, "}}") : NULL;
        if (close == NULL)
            break;
        text_append_n(out, from, (size_t)(open - from));
        fill_slot(report, open + 2, (size_t)(close - open - 2), out);
        from = close + 2;
    }
    text_append(out, from);
}

bool report_write(const struct demo_report *report, const char *path, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text page = {0};
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return error_set(err, ERROR_RESOURCE, "cannot write %s: %s", path, strerror(errno));
    report_html(report, &page);
    bool written = fwrite(page.data, 1, page.length, file) == page.length;
    if (fclose(file) != 0 || !written)
        return error_set(err, ERROR_RESOURCE, "cannot write %s: %s", path, strerror(errno));
    return true;
}
