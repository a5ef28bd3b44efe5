/* What the throttle looks at: what a server tells of itself, statements, probes; and how the throttle stands. */
#ifndef SEGUE_ENGINE_SIGNALS_H
#define SEGUE_ENGINE_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One thing that the server tells of itself; or why it does not. */
struct server_signal {
    bool readable;
    double value;
    char why[200];
};

/* What the server tells of itself at one moment, of all its sessions but segue's. */
struct server_signals {
    bool apart; /* kept by the caller: one query for all was refused, so each is asked alone */
    struct server_signal sessions;     /* that run a statement */
    struct server_signal at_work;      /* that did something within the last two seconds */
    struct server_signal lock_waits;   /* sessions that wait for a lock since more than 100 ms */
    struct server_signal standbys;     /* that receive the log */
    struct server_signal replayed;     /* the position that the slowest of them has come to; none there: 0 */
    struct server_signal reported_lag; /* seconds, as they reported it */
    struct server_signal position;     /* in the log, bytes */
    double position_ceiling;           /* bytes a second above which checkpoints come too often */
    struct server_signal checkpoints;  /* that the amount of log has forced, ever */
    double checkpoints_ceiling;        /* a minute */
    struct server_signal minute_here;  /* of the day, in the session's time zone */
    struct server_signal minute_utc;
    struct server_signal query; /* the operator's number */
};

/* What the server has summed up of one statement since whenever. */
struct statement_figure {
    int64_t id;
    double calls, seconds;
};

/* Of the application's statements on one table. Strings and list in the arena. */
struct statement_figures {
    bool there; /* the server sums up statements at all */
    bool readable;
    char why[200];
    const char *schema, *pattern; /* the engine's own */
    struct statement_figure *list;
    size_t n;
};

/* Probe statements on the rows of one walk. */
struct probes {
    size_t n_keys;
    const char **keys; /* of some rows, n_keys by n_columns values */
    size_t n_columns;
};

/* How the throttle of a migration stands. Strings in the arena. */
struct throttle_state {
    bool known;
    double duty;         /* 0: it rests */
    const char *reason;  /* why it is slow, or NULL */
    const char *signals; /* JSON */
    const char *at;      /* ISO 8601 */
};

#endif
