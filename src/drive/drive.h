/*
 * A traffic generator: worker threads of the old and of the new version of an application, one session each, that run
 * prepared statements against any schema through their version's own search path, and check what they read. It promises
 * that every error of any kind is counted, that latency is measured from the moment a request should have begun (with a
 * rate) so that a stall is never hidden, and that it causes no deadlock by itself. It does not start or end migrations: it
 * watches the state and lets the new version's workers begin when both versions are live.
 *
 * Times are seconds since drive_start, latencies milliseconds. All functions may be called from one thread while the
 * workers run; drive_end_version and drive_mark also from another.
 */
#ifndef SEGUE_DRIVE_DRIVE_H
#define SEGUE_DRIVE_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/engine.h"

struct drive;

enum drive_version { DRIVE_OLD, DRIVE_NEW, DRIVE_VERSIONS };

/* What to drive. Zero-initialise and fill; strings must live until drive_finish. */
struct drive_settings {
    const struct engine *engine;
    const char *url;             /* NULL: libpq's own environment */
    const char *schema;          /* NULL: public */
    const char *migration;       /* whose versions are driven; NULL: those of the newest one */
    int workers[DRIVE_VERSIONS]; /* threads of each version; 0: none */
    /* requests a second of each version, spread over its workers; 0: closed loop */
    double rate;
    double seconds; /* workers end by themselves after so long; 0: when they are told to */
    /* names as the old version sees them; none: those of the live plan, else all */
    const char *const *tables;
    size_t n_tables;
    const char *const *overrides; /* "[old:|new:]table.column=SQL expression" */
    size_t n_overrides;
    bool hot_apart;   /* the versions do not fight over the same rows at the same instant */
    int null_percent; /* how often a nullable column gets NULL */
    bool mark_states; /* a phase mark whenever the migration's state changes */
};

/* A tenth of a second. Latencies are 0 when there was no request; a request belongs to the window it ended in. */
struct drive_window {
    double at; /* its beginning */
    uint64_t requests, errors;
    double p50, p95, p99, max;
};

struct drive_mark {
    double at;
    const char *name;
};

/* Latencies of all requests that ended in a span of time. */
struct drive_latency {
    uint64_t requests, errors;
    double p50, p95, p99, p999, longest;
};

enum drive_finding_kind { DRIVE_ERROR, DRIVE_MISMATCH, DRIVE_LOST };

/* Something that must not happen; equal ones (kind, version, SQLSTATE, statement) are one finding with a count. */
struct drive_finding {
    enum drive_finding_kind kind;
    enum drive_version version;
    uint64_t count;
    double at; /* the first */
    const char *sqlstate, *message, *statement;
};

struct drive_report {
    double seconds;
    struct drive_latency total[DRIVE_VERSIONS];
    struct drive_window *windows[DRIVE_VERSIONS];
    size_t n_windows[DRIVE_VERSIONS];
    double began[DRIVE_VERSIONS], ended[DRIVE_VERSIONS]; /* -1: never */
    int workers[DRIVE_VERSIONS];
    uint64_t mismatches; /* own write not seen, shapes that disagree, a changed result shape */
    uint64_t lost_rows;  /* rows of a worker's own that are missing or there twice */
    uint64_t own_checks, agree_checks, swept_rows, counted_rows; /* what was looked at */
    struct drive_mark *marks;
    size_t n_marks;
    struct drive_finding *findings;
    size_t n_findings;
    const char **notes; /* what was left out, and why */
    size_t n_notes;
};

/* Opens the sessions, reads the schema as the old version sees it, tries each kind of statement once in a transaction that
 * is rolled back, and starts the workers: when it returns, those of the old version have prepared their statements and run.
 * Free with drive_finish. Errors: the connection's, a table or override that names nothing (ERROR_USAGE). */
bool drive_start(const struct drive_settings *settings, struct drive **out,
                 struct error *err) SEGUE_MUST_CHECK;

/* Asks the workers of a version to end; returns at once. They finish their request, look for their rows and go. After the
 * old version's workers a sweep compares both shapes of every row, while both versions are live. */
void drive_end_version(struct drive *drive, enum drive_version version);
/* False before a version's first worker began, and once its last is gone and the sweep after it is done. */
bool drive_is_running(struct drive *drive, enum drive_version version);
/* Returns when a version is running, or is not any more, or the drive is over. ERROR_RESOURCE after a minute, ERROR_INTERRUPTED. */
bool drive_wait(struct drive *drive, enum drive_version version, bool running,
                struct error *err) SEGUE_MUST_CHECK;
/* True once --seconds are over for the old version or there is nothing left that runs or could begin. */
bool drive_is_over(struct drive *drive);

/* Seconds since drive_start. */
double drive_elapsed(const struct drive *drive);
/* Notes a phase in time, for reports. The name is copied. */
void drive_mark(struct drive *drive, const char *name);

/* Copies windows from number `first` on (window n begins at n/10 s) to out, at most n; returns how many. The last one may
 * still grow. */
size_t drive_windows(struct drive *drive, enum drive_version version, size_t first, struct drive_window *out,
                     size_t n);
/* Latencies between two points in time, to a tenth of a second. */
struct drive_latency drive_between(struct drive *drive, enum drive_version version, double from, double to);
/* Counts so far. */
uint64_t drive_errors(struct drive *drive, enum drive_version version);
uint64_t drive_mismatches(struct drive *drive);

/* Ends all workers, makes the last checks (every own row is there with its values; both shapes agree while both versions are
 * live) and frees the drive. The report lives in the arena. */
void drive_finish(struct drive *drive, struct arena *arena, struct drive_report *report);

/* True when nothing was found that must not happen. */
bool drive_report_clean(const struct drive_report *report);
/* The report as one JSON object; windows: with the 100 ms windows. */
void drive_report_json(const struct drive_report *report, bool windows, struct text *out);
/* The report for a person. */
void drive_report_text(const struct drive_report *report, struct text *out);

#endif
