/*
 * Whether a new version is to be left, by what was counted of it and of the current one. Nothing here knows of threads or of the time: numbers in, a
 * verdict and its reason out.
 */
#ifndef SEGUE_GATEWAY_JUDGE_H
#define SEGUE_GATEWAY_JUDGE_H

#include "gateway/metrics.h"

enum { JUDGE_REASON = 200 };

/* Errors that a version can cause, among its answers of about a second, the latest included. */
struct judge_errors {
    uint64_t faults, answers;
    unsigned in_a_row; /* that the latest is one of, at one worker */
    double current; /* the share of such errors among the current version's answers: the application's own */
    double allowed; /* share above that; 1: any */
    bool probing;   /* it was left before, and is tried again: less is needed to leave it */
};

/* Whether there are more than may be, or so many of so few as chance does not explain. The reason has JUDGE_REASON bytes. */
bool judge_errors(const struct judge_errors *seen, char *reason) SEGUE_MUST_CHECK;

/* What is known of a version's times. */
struct judge_times {
    struct metrics_of_version brief, lengthy; /* of about a second, of about ten */
    struct metrics_of_version life;           /* since the gateway began */
    struct metrics_of_version waiting;        /* in flight, by how long they have waited so far */
    int64_t quiet_us;                         /* since when nothing was answered */
    double p95_us; /* of the last ten seconds that had enough answers; 0: none had */
    double p99_us; /* likewise, as high as chance allows */
};

/* By how much a new version may do worse than the current one: 0.1 is ten percent. */
struct judge_limits {
    double errors;   /* of the answers */
    double p95, p99; /* longer; a p99 of 0 is not looked at */
};

/* Whether the new version's requests take longer than the current one's by more than `allowed` (0.1: ten percent). */
bool judge_times(const struct judge_times *new, const struct judge_times *current, double allowed,
                 char *reason) SEGUE_MUST_CHECK;

/* The p95 in microseconds of a window, without the first answers of its backends, which had nothing in their caches; 0: too few to say. */
double judge_p95(const struct metrics_of_version *window);

/* Whether so many of the slowest hundredth of its requests took longer than the current version's by more than `allowed` as chance does not explain. */
bool judge_p99(const struct judge_times *new, const struct judge_times *current, double allowed,
               char *reason) SEGUE_MUST_CHECK;

/* The p99 in microseconds of a window as high as chance allows, without first answers; 0: too few to say. */
double judge_p99_at_most(const struct metrics_of_version *window);

/* How a version does since its share was set: may the share grow? */
enum judge_verdict {
    JUDGE_FEW, /* too few answers to say */
    JUDGE_WELL,
    JUDGE_WORSE /* not well within the limits, though not beyond them */
};

struct judge_step {
    uint64_t answers;
    double errors, current_errors; /* shares of the answers: its own, and the current version's */
    double p95_us, current_p95_us; /* 0: too few answers */
    double p99_us, current_p99_us; /* likewise: its own at least, the current version's at most */
    enum judge_verdict verdict;
};

/* What was counted of both since then. current_p95_us: where the current version gave too few answers since; 0: not known. */
struct judge_step judge_step(const struct metrics_of_version *new, const struct metrics_of_version *current,
                             double current_p95_us, const struct judge_limits *allowed);

#endif
