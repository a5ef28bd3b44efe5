/* The demo's report: one HTML file that refers to nothing outside itself. */
#ifndef SEGUE_DEMO_REPORT_H
#define SEGUE_DEMO_REPORT_H

#include "base/error.h"
#include "base/text.h"
#include "demo/figures.h"
#include "drive/drive.h"

struct demo_report {
    const struct demo_figures *figures;
    const struct drive_report *traffic;
    int64_t traffic_began_us;       /* clock_us at drive_start: where the traffic's time begins */
    const char *server;             /* "PostgreSQL 15.20" */
    const char *when;               /* date and time for a person */
    const char *migration;          /* the file's text */
    const char *plan;               /* the plan's text */
    const char *schema_differences; /* lines, or "" */
};

/* Appends the page. */
void report_html(const struct demo_report *report, struct text *out);
/* Writes it to a file. ERROR_RESOURCE. */
bool report_write(const struct demo_report *report, const char *path, struct error *err) SEGUE_MUST_CHECK;

/* The latency chart as inline SVG; report_chart.c. */
void report_chart(const struct demo_report *report, struct text *out);
/* Appends text so that HTML shows it as it is. */
void report_escaped(const char *string, struct text *out);

#endif
