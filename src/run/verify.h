/* segue verify: both shapes of every row compared while both versions write. */
#ifndef SEGUE_RUN_VERIFY_H
#define SEGUE_RUN_VERIFY_H

#include "run/run.h"

/* One pass over every table that has two shapes. */
struct verify_report {
    double rows, differences, mended;
    double seconds;
    bool complete; /* every row was looked at */
    /* The first differences, as many as were asked for. They live until pass_done returns. */
    struct difference *list;
    size_t n_list;
};

struct verify_settings {
    int jobs; /* sessions that compare at once */
    enum mend mend;
    size_t limit;         /* differences that are named in a pass */
    bool watch;           /* pass after pass, until the migration moves on or a signal comes */
    double every_seconds; /* between two passes */
    void *context;        /* handed to pass_done */
    void (*pass_done)(void *context, const struct verify_report *report);
};

/* ERROR_REFUSED where the two versions are not both live. Differences are no error: they are in the report. A signal ends a watch well. */
bool run_verify(const struct run_settings *settings, const struct verify_settings *verify,
                struct error *err) SEGUE_MUST_CHECK;

#endif
