/* How a schema stands when no migration is under way, and what became of the last one. */
#ifndef SEGUE_ENGINE_AUDIT_H
#define SEGUE_ENGINE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/* What is looked at beside what costs next to nothing. */
struct audit_wish {
    bool count;     /* the rows of each table */
    bool checksums; /* also their values */
};

struct audit_table {
    const char *name;
    int64_t rows; /* as estimated, -1: not known; or counted */
    bool counted;
    int64_t bytes; /* with TOAST and indexes */
    int64_t
        rows_planned; /* as estimated when the migration was planned; -1: it had nothing to do with the table */
    int indexes;
    const char
        *checksum; /* or NULL. The same for the same rows, whatever their order and that of the columns */
};

/* Something that is not as it should be. */
struct audit_finding {
    const char *rule;    /* "invalid-index" */
    const char *object;  /* that it is about */
    const char *message; /* what was found */
    const char *hint;    /* what to do */
};

/* An object of the schema that a migration has added, or removed; as a line that tells its definition. */
struct audit_change {
    bool added;
    const char *line;
};

/* A step of the plan: what was forecast, and what came. */
struct audit_step {
    const char *id, *title;
    const char *duration; /* "instant", … as in the plan */
    double rows_forecast; /* negative: it walks over no rows */
    double rows;
    double seconds; /* negative: not known. With what it waited */
};

struct audit {
    struct audit_table *tables;
    size_t n_tables;
    struct audit_finding *findings;
    size_t n_findings;
    struct audit_change *changes;
    size_t n_changes;
    struct audit_step *steps;
    size_t n_steps;
    const struct plan *plan; /* of the migration whose steps they are; or NULL */
};

#endif
