/* The demo's last words. */

#include "demo/demo_internal.h"
#include "demo/numbers.h"

enum { FINDINGS_SHOWN = 5 };

static void side_line(const struct demo *demo, enum drive_version version, struct text *out)
{
    const struct demo_side *side = &demo->figures->side[version];
    char requests[NUMBER_SIZE];
    char p95[NUMBER_SIZE];
    char baseline[NUMBER_SIZE];
    char longest[NUMBER_SIZE];
    text_printf(out, "  %s version  %s requests, %llu errors; p95 %s %s",
                version == DRIVE_OLD ? "old" : "new", number_count((double)side->requests, requests),
                (unsigned long long)side->errors, number_ms(side->p95, p95),
                version == DRIVE_OLD ? "while backfilling" : "beside the old one");
    if (side->baseline_p95 > 0)
        text_printf(out, " (quiet: %s)", number_ms(side->baseline_p95, baseline));
    text_printf(out, "; longest wait %s\n", number_ms(side->longest_stall, longest));
}

static void findings(const struct demo *demo, struct text *out)
{
    static const char *const kinds[] = {"error", "mismatch", "lost row"};
    for (size_t i = 0; i < demo->traffic.n_findings && i < FINDINGS_SHOWN; i++) {
        const struct drive_finding *finding = &demo->traffic.findings[i];
        text_printf(out, "  %s, %s version, %llu times, first after %.1f s: %s %s\n    %s\n",
                    kinds[finding->kind], finding->version == DRIVE_OLD ? "old" : "new",
                    (unsigned long long)finding->count, finding->at,
                    finding->sqlstate != NULL ? finding->sqlstate : "",
                    finding->message != NULL ? finding->message : "",
                    finding->statement != NULL ? finding->statement : "");
    }
    if (demo->traffic.n_findings > FINDINGS_SHOWN)
        text_printf(out, "  and %zu more, in the report\n", demo->traffic.n_findings - FINDINGS_SHOWN);
}

void demo_summary(const struct demo *demo, bool played, struct text *out)
{
    const struct demo_figures *figures = demo->figures;
    char rate[NUMBER_SIZE];
    if (!played) {
        findings(demo, out);
        return;
    }
    side_line(demo, DRIVE_OLD, out);
    side_line(demo, DRIVE_NEW, out);
    text_printf(out, "  %llu mismatches; %zu lines of schema differ from %s; %s rows a second backfilled\n",
                (unsigned long long)figures->mismatches, figures->schema_diff_lines,
                figures->rollback ? "those before" : "psql's",
                number_count(figures->backfill_rows_per_s, rate));
    findings(demo, out);
    text_append(out, text_string(&demo->differences));
}
