/*
 * What a database at hand tells of the tables that files change. An engine makes a source of it (engine->lint_source); rules and the
 * weighing of findings ask. What cannot be read is said, never assumed.
 */
#ifndef SEGUE_LINT_FACTS_H
#define SEGUE_LINT_FACTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "lint/model.h"

struct lint_table {
    bool there;        /* before the files are run */
    const char *why;   /* there is nothing more; or NULL */
    bool measured;     /* what is below is known */
    bool empty;        /* has no row, and no statement of the files so far has put one there */
    double rows;       /* as of the last ANALYZE or VACUUM, or as the server counts along */
    double bytes;      /* without indexes */
    double heap_bytes; /* of them, what a scan reads: without values that are stored apart */
    double total_bytes;
    int n_indexes;
    bool counted; /* the two below are known */
    double scans; /* a second: reads of the table or of an index of it */
    double writes;
};

enum lint_question {
    LINT_ASK_MISSING,    /* does it name what is not there? */
    LINT_ASK_TAKEN,      /* does it make what is there already? */
    LINT_ASK_ROWS,       /* do rows make the action fail? */
    LINT_ASK_DEPENDANTS, /* does something depend on what it drops or changes? */
    LINT_ASK_READERS,    /* does something choose rows by the column that it adds? */
    LINT_ASK_NUMBERS     /* do the numbers of a key of its table run out? */
};

struct lint_answer {
    enum lint_truth truth; /* PERHAPS: nobody has looked */
    const char *words;     /* what was found, or why nobody has looked; NULL with LINT_NO */
    bool fails; /* LINT_ASK_DEPENDANTS: it fails for that; else what depends on it goes along or breaks */
};

struct lint_source {
    void *context;
    /* Never NULL; stays as long as the source. */
    const struct lint_table *(*table)(void *context, struct name relation);
    /* Strings in the arena. */
    struct lint_answer (*ask)(void *context, enum lint_question question,
                              const struct lint_statement *statement, const struct lint_action *action,
                              struct arena *arena);
    int server_major;
    const char *called; /* the database and server, for reports */
    struct error lost;  /* class ERROR_NONE, or why there is nobody left to ask */
};

#endif
