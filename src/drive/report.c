/* A report as JSON and as text. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/layout.h"
#include "drive/drive.h"

enum { TEXT_WIDTH = 100 };

static const char *const versions[] = {[DRIVE_OLD] = "old", [DRIVE_NEW] = "new"};
static const char *const kinds[] = {
    [DRIVE_ERROR] = "error", [DRIVE_MISMATCH] = "mismatch", [DRIVE_LOST] = "lost"};

bool drive_report_clean(const struct drive_report *report)
{
    return report->mismatches == 0 && report->lost_rows == 0 && report->total[DRIVE_OLD].errors == 0 &&
           report->total[DRIVE_NEW].errors == 0;
}

/* --- JSON --- */

/* To a microsecond: more digits would be noise. */
static json_t *number(double value)
{
    return json_real(round(value * 1000) / 1000);
}

static json_t *windows_json(const struct drive_report *report, int version)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->n_windows[version]; i++) {
        const struct drive_window *window = &report->windows[version][i];
        json_t *object = json_object();
        json_object_set_new(object, "t", number(window->at));
        json_object_set_new(object, "requests", json_integer((json_int_t)window->requests));
        json_object_set_new(object, "errors", json_integer((json_int_t)window->errors));
        json_object_set_new(object, "p50_ms", number(window->p50));
        json_object_set_new(object, "p95_ms", number(window->p95));
        json_object_set_new(object, "p99_ms", number(window->p99));
        json_object_set_new(object, "max_ms", number(window->max));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *version_json(const struct drive_report *report, int version, bool windows)
{
    const struct drive_latency *total = &report->total[version];
    json_t *object = json_object();
    json_object_set_new(object, "workers", json_integer(report->workers[version]));
    json_object_set_new(object, "began",
                        report->began[version] < 0 ? json_null() : number(report->began[version]));
    json_object_set_new(object, "ended",
                        report->ended[version] < 0 ? json_null() : number(report->ended[version]));
    json_object_set_new(object, "requests", json_integer((json_int_t)total->requests));
    json_object_set_new(object, "errors", json_integer((json_int_t)total->errors));
    json_object_set_new(object, "p50_ms", number(total->p50));
    json_object_set_new(object, "p95_ms", number(total->p95));
    json_object_set_new(object, "p99_ms", number(total->p99));
    json_object_set_new(object, "p999_ms", number(total->p999));
    json_object_set_new(object, "longest_stall_ms", number(total->longest));
    if (windows)
        json_object_set_new(object, "windows", windows_json(report, version));
    return object;
}

static json_t *findings_json(const struct drive_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->n_findings; i++) {
        const struct drive_finding *finding = &report->findings[i];
        json_t *object = json_object();
        json_object_set_new(object, "kind", json_string(kinds[finding->kind]));
        json_object_set_new(object, "version", json_string(versions[finding->version]));
        json_object_set_new(object, "count", json_integer((json_int_t)finding->count));
        json_object_set_new(object, "t", number(finding->at));
        json_object_set_new(object, "sqlstate", json_string(finding->sqlstate));
        json_object_set_new(object, "message", json_string(finding->message));
        json_object_set_new(object, "statement", json_string(finding->statement));
        json_array_append_new(list, object);
    }
    return list;
}

void drive_report_json(const struct drive_report *report, bool windows, struct text *out)
{
    json_t *root = json_object(), *marks = json_array(), *notes = json_array();
    for (size_t i = 0; i < report->n_marks; i++) {
        json_t *mark = json_object();
        json_object_set_new(mark, "name", json_string(report->marks[i].name));
        json_object_set_new(mark, "t", number(report->marks[i].at));
        json_array_append_new(marks, mark);
    }
    for (size_t i = 0; i < report->n_notes; i++)
        json_array_append_new(notes, json_string(report->notes[i]));
    json_object_set_new(root, "seconds", number(report->seconds));
    json_object_set_new(root, "clean", json_boolean(drive_report_clean(report)));
    json_object_set_new(root, "mismatches", json_integer((json_int_t)report->mismatches));
    json_object_set_new(root, "lost_rows", json_integer((json_int_t)report->lost_rows));
    json_object_set_new(root, "own_checks", json_integer((json_int_t)report->own_checks));
    json_object_set_new(root, "agree_checks", json_integer((json_int_t)report->agree_checks));
    json_object_set_new(root, "swept_rows", json_integer((json_int_t)report->swept_rows));
    json_object_set_new(root, "counted_rows", json_integer((json_int_t)report->counted_rows));
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        json_object_set_new(root, versions[version], version_json(report, version, windows));
    json_object_set_new(root, "marks", marks);
    json_object_set_new(root, "error_samples", findings_json(report));
    json_object_set_new(root, "notes", notes);
    char *json = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(12));
    text_append(out, json ? json : "{}");
    free(json);
    json_decref(root);
}

/* --- Text --- */

static void put_milliseconds(struct text *out, double value)
{
    struct text cell = {0};
    text_printf(&cell, value < 10 ? "%.2f ms" : "%.0f ms", value);
    layout_pad_left(out, text_string(&cell), 12);
    text_free(&cell);
}

static void put_count(struct text *out, uint64_t value, int columns)
{
    struct text cell = {0};
    layout_count(&cell, (double)value);
    layout_pad_left(out, text_string(&cell), columns);
    text_free(&cell);
}

static void put_version(const struct drive_report *report, int version, struct text *out)
{
    const struct drive_latency *total = &report->total[version];
    layout_pad(out, versions[version], 8);
    if (report->began[version] < 0) {
        text_append(out, report->workers[version] ? " did not begin\n" : " no workers\n");
        return;
    }
    put_count(out, total->requests, 12);
    put_count(out, total->errors, 8);
    put_milliseconds(out, total->p50);
    put_milliseconds(out, total->p95);
    put_milliseconds(out, total->p99);
    put_milliseconds(out, total->p999);
    put_milliseconds(out, total->longest);
    text_append_char(out, '\n');
}

static void put_findings(const struct drive_report *report, struct text *out)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        const struct drive_finding *finding = &report->findings[i];
        text_printf(out, "\n%s, %s version, %" PRIu64 " time%s, first after %.1f s%s%s\n    ",
                    kinds[finding->kind], versions[finding->version], finding->count,
                    finding->count == 1 ? "" : "s", finding->at, finding->sqlstate[0] ? ", SQLSTATE " : "",
                    finding->sqlstate);
        layout_wrap(out, finding->message, 4, 4, TEXT_WIDTH);
        text_append(out, "\n    in ");
        layout_wrap(out, finding->statement, 7, 7, TEXT_WIDTH);
        text_append_char(out, '\n');
    }
}

void drive_report_text(const struct drive_report *report, struct text *out)
{
    static const char *const heads[] = {"p50", "p95", "p99", "p99.9", "longest"};
    layout_pad(out, "version", 8);
    layout_pad_left(out, "requests", 12);
    layout_pad_left(out, "errors", 8);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        layout_pad_left(out, heads[i], 12);
    text_append_char(out, '\n');
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        put_version(report, version, out);
    text_printf(out,
                "\n%" PRIu64 " mismatches, %" PRIu64 " lost rows in %.1f s. Looked at: %" PRIu64
                " own writes, %" PRIu64 " rows in both shapes after a write and %" PRIu64
                " in sweeps, %" PRIu64 " own rows at the end.\n",
                report->mismatches, report->lost_rows, report->seconds, report->own_checks,
                report->agree_checks, report->swept_rows, report->counted_rows);
    for (size_t i = 0; i < report->n_marks; i++)
        text_printf(out, "%s%s at %.1f s%s", i ? ", " : "Phases: ", report->marks[i].name,
                    report->marks[i].at, i + 1 < report->n_marks ? "" : ".\n");
    put_findings(report, out);
    for (size_t i = 0; i < report->n_notes; i++) {
        text_append(out, "Note: ");
        layout_wrap(out, report->notes[i], 6, 6, TEXT_WIDTH);
        text_append_char(out, '\n');
    }
}
