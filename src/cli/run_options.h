/* What the commands that run steps share: their options, their progress on the screen, and how they end. */
#ifndef SEGUE_CLI_RUN_OPTIONS_H
#define SEGUE_CLI_RUN_OPTIONS_H

#include "cli/command.h"
#include "cli/run_view.h"
#include "cli/throttle_options.h"
#include "run/run.h"

/* Entries of a command's option table. */
#define LOCK_OPTIONS                                                                                       \
    {.name = "lock-budget",                                                                                \
     .value = "DURATION",                                                                                  \
     .help = "How long a step may try to get its locks in all before segue gives up, to be run again.",    \
     .fallback = "60s"},                                                                                   \
    {                                                                                                      \
        .name = "lock-ceiling", .value = "DURATION",                                                       \
        .help =                                                                                            \
            "How long a single request for a lock may wait, with the application's statements behind it.", \
        .fallback = "100ms"                                                                                \
    }
#define SETTLE_OPTION                                                                                   \
    {                                                                                                   \
        .name = "settle", .value = "DURATION",                                                          \
        .help = "How long a rebuild may wait, before its new table takes the old one's place, for "     \
                "transactions whose snapshot is older than the copy, to be run again; 0: it does not, " \
                "and they may find rows missing.",                                                      \
        .fallback = "300s"                                                                              \
    }
#define STRATEGY_OPTIONS                                                                                     \
    {.name = "strategy",                                                                                     \
     .value = "NAME",                                                                                        \
     .help = "How rows get their new shape: in-place fills new columns of the table in chunks; rebuild "     \
             "copies the rows into a new table, which takes the old one's place; auto takes for each "       \
             "table what costs less. A table that cannot be rebuilt is filled in place; segue plan says "    \
             "why.",                                                                                         \
     .fallback = "auto"},                                                                                    \
        {.name = "capture",                                                                                  \
         .value = "NAME",                                                                                    \
         .help =                                                                                             \
             "How a rebuild learns which rows change meanwhile: trigger notes them in the transactions "     \
             "that change them; decoding reads them from the server's log, so that nothing is in the "       \
             "applications' way; auto takes decoding where the server lets it. Where it does not, triggers " \
             "are used; segue plan says why.",                                                               \
         .fallback = "auto"},                                                                                \
    {                                                                                                        \
        .name = "jobs", .value = "N", .help = "How many sessions copy rows side by side.", .fallback = "2"   \
    }
#define WALK_OPTIONS                                                                                                  \
    {                                                                                                                 \
        .name = "pace",                                                                                               \
        .value = "PERCENT",                                                                                           \
        .help =                                                                                                       \
            "The most of the time that backfill and verification may work, whatever --max-p95 would allow. Where "    \
            "nothing is measured (few rows, --max-p95 off) it is what they take: 7, unless given.",                   \
    },                                                                                                                \
        THROTTLE_OPTIONS,                                                                                             \
    {                                                                                                                 \
        .name = "chunk-time", .value = "DURATION",                                                                    \
        .help =                                                                                                       \
            "How long the rows of a chunk should take. They are locked for that long, and for two round trips more.", \
        .fallback = "5ms"                                                                                             \
    }

/* Entry of a command's list of arguments. */
#define MIGRATION_ARGUMENT                                                                        \
    {                                                                                             \
        .name = "MIGRATION",                                                                      \
        .help = "Which one, where several are under way: its name, 0007_full_name, or its file.", \
        .optional = true                                                                          \
    }

/* The name of a migration given by name or file; NULL for NULL. In the call's arena. */
const char *migration_name(const struct invocation *call, const char *given);

/* Of the settings those that a plan depends on. */
bool strategy_options(const struct invocation *call, struct run_settings *out,
                      struct error *err) SEGUE_MUST_CHECK;
/* Fills the settings from the command line; `view` observes. */
bool run_options(const struct invocation *call, struct run_view *view, struct run_settings *out,
                 struct error *err) SEGUE_MUST_CHECK;
/* Ends the view. After a failure that can be gone on from, adds a hint how (`again`: the command line) unless there is one. Returns
 * `done`. */
bool run_ended(struct run_view *view, bool done, const char *again, struct error *err);
/* Prints how the migration that was run last stands now: as JSON with the seconds of each phase, or what can be done next. */
bool run_print_outcome(const struct invocation *call, const struct run_view *view,
                       struct error *err) SEGUE_MUST_CHECK;
/* All of a command whose argument is the migration that is under way: run_complete, run_resume, run_rollback. */
bool run_live(const struct invocation *call, bool (*run)(const struct run_settings *, struct error *),
              const char *again, struct error *err) SEGUE_MUST_CHECK;

#endif
