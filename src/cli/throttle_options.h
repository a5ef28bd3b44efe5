/* What is guarded while rows are moved, as options. */
#ifndef SEGUE_CLI_THROTTLE_OPTIONS_H
#define SEGUE_CLI_THROTTLE_OPTIONS_H

#include "cli/command.h"
#include "run/run.h"

/* Entries of a command's option table. */
#define THROTTLE_OPTIONS                                                                                         \
    {.name = "max-p95",                                                                                          \
     .value = "LIMIT",                                                                                           \
     .help =                                                                                                     \
         "How long 95 of 100 statements may take while rows are moved: a ratio to what they took before (1.1), " \
         "by how much longer (10%), a time (5ms), or off. Looking up and writing a row are tried all the "       \
         "time to see it.",                                                                                      \
     .fallback = "1.1"},                                                                                         \
        {.name = "max-lag",                                                                                      \
         .value = "DURATION",                                                                                    \
         .help =                                                                                                 \
             "How far standbys may be behind before rows are left alone until they have caught up; or off.",     \
         .fallback = "10s"},                                                                                     \
        {.name = "ceiling",                                                                                      \
         .value = "NAME=N",                                                                                      \
         .help =                                                                                                 \
             "What makes the least of work where the server comes to it: sessions=20, lock-waits=3, wal=50MB, "  \
             "checkpoints=4 (a minute), statements=3 (times as long as before); sessions=off: not looked at. "   \
             "docs/throttle.md says what they are unless given.",                                                \
         .repeated = true},                                                                                      \
        {.name = "throttle-query",                                                                               \
         .value = "SQL",                                                                                         \
         .help =                                                                                                 \
             "A query of one number or boolean, asked twice a second: while it is above 0, or true, rows "       \
             "are left alone."},                                                                                 \
    {                                                                                                            \
        .name = "window", .value = "HH:MM-HH:MM",                                                                \
        .help =                                                                                                  \
            "When rows may be moved, in the time zone of the server's session: 22:30-05:00, or several with "    \
            "commas between. With UTC behind them they are UTC.",                                                \
    }

bool throttle_options(const struct invocation *call, struct run_settings *out,
                      struct error *err) SEGUE_MUST_CHECK;

#endif
