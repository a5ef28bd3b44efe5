/*
 * What share of the time work may take (its duty, 0.1 % to 100 %), and whether it must rest altogether: from probe statements and from
 * what the server tells of itself. Arithmetic only: the caller probes, reads, and says what time it is.
 *
 * The duty is the least of what each allows:
 *   - the pace, an upper bound that the operator gives;
 *   - probes of two kinds, each held below its limit (latency.h). While nobody else is at work on the server there is nobody to
 *     protect: the duty doubles with each reading, whatever the probes say;
 *   - each reading of the server, by a band below its ceiling: up to half the ceiling nothing, from there the duty falls
 *     geometrically to the least at the ceiling. The lag of standbys, the operator's query and the window make it rest altogether.
 * A brake comes at once and goes by doubling with each reading, so that work which itself causes what brakes it does not
 * swing between all and nothing.
 *
 * A reading that is wanted and cannot be had counts as bad: 1 %, below the 5 % that could decide a p95; the operator's query rests.
 */
#ifndef SEGUE_MOVE_THROTTLE_H
#define SEGUE_MOVE_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "move/latency.h"

enum throttle_probe { PROBE_LOOKUP, PROBE_WRITE, PROBE_KINDS };

enum throttle_signal {
    SIGNAL_LAG,         /* seconds that the slowest standby is behind */
    SIGNAL_STANDBYS,    /* standbys that were there and are gone */
    SIGNAL_SESSIONS,    /* other sessions that run a statement */
    SIGNAL_LOCKS,       /* other sessions that wait for a lock */
    SIGNAL_WAL,         /* bytes of log a second */
    SIGNAL_CHECKPOINTS, /* that the amount of log forced, a minute */
    SIGNAL_STATEMENTS,  /* how many times longer the application's statements take than before (mean) */
    SIGNAL_QUERY,       /* the operator's number: above 0 rests */
    SIGNAL_WINDOW,      /* minutes until the window opens */
    SIGNAL_COUNT
};

struct throttle_reading {
    bool wanted;
    bool readable;
    double value;
    double ceiling; /* 0: none; raised by throttle_begin to what the server does by itself */
    bool given;     /* by the operator: not raised */
    char why[200];  /* of one that is not readable */
};

/* What decides the duty now. */
enum throttle_bound {
    BOUND_PACE,
    BOUND_PROBE,  /* which: binding */
    BOUND_SIGNAL, /* which: binding */
    BOUND_BASELINE,
    BOUND_CONTROL,
    BOUND_PROBES_UNREADABLE
};

struct throttle {
    double pace;  /* 0 to 1 */
    bool probing; /* probes count */
    bool begun;
    bool steady; /* the work that is under way cannot rest for a moment */
    struct latency probes[PROBE_KINDS];
    bool probe_readable[PROBE_KINDS];
    char probe_why[PROBE_KINDS][200];
    struct throttle_reading readings[SIGNAL_COUNT];
    double baselines[SIGNAL_COUNT]; /* the highest values before the work */
    bool quiet;                     /* nobody else is at work on the server */
    double quiet_duty;
    double brake; /* what the readings allow */
    bool resting;
    double duty; /* what was decided, and by what */
    enum throttle_bound bound;
    int binding;
    int braking; /* the signal that set the brake; -1: none */
    bool easing; /* that signal allows more than the brake, which goes little by little */
};

/* pace: 0 to 1. max_ratio and max_seconds as in struct latency; both 0: probes are not asked for. */
void throttle_init(struct throttle *throttle, double pace, double max_ratio, double max_seconds);
/* Before the work begins, probes and readings are what the server does by itself. This ends that time. Where nobody else is at work
 * there is nothing to measure yet: the work begins at its pace, and the baseline is measured when somebody comes, at 1 %. */
void throttle_begin(struct throttle *throttle);
/* met: work was under way meanwhile, or right before. */
void throttle_probe(struct throttle *throttle, enum throttle_probe kind, double seconds, double interval,
                    bool met);
/* A probe that could not be made. */
void throttle_probe_failed(struct throttle *throttle, enum throttle_probe kind, const char *why);
/* All readings of one moment, SIGNAL_COUNT of them, about half a second after the last ones. quiet: no other session was at work
 * within the last seconds; false where that cannot be known. */
void throttle_read(struct throttle *throttle, const struct throttle_reading *readings, bool quiet);
/* 0: rest altogether. */
double throttle_duty(const struct throttle *throttle);
/* Why the duty is below the pace, in words; nothing when it is not. */
void throttle_reason(const struct throttle *throttle, struct text *out);
/* "replication lag", for messages and as a key ("lag"). */
const char *throttle_signal_name(enum throttle_signal signal);
const char *throttle_signal_key(enum throttle_signal signal);
const char *throttle_probe_name(enum throttle_probe kind);
const char *throttle_probe_key(enum throttle_probe kind);

#endif
