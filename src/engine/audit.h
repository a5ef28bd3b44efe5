/* How a schema stands when no migration is under way. */
#ifndef SEGUE_ENGINE_AUDIT_H
#define SEGUE_ENGINE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct audit_table {
    const char *name;
    int64_t rows; /* as estimated, -1: not known; or counted */
    bool counted;
    int64_t bytes; /* with TOAST and indexes */
    int indexes;
};

/* Something that is not as it should be. */
struct audit_finding {
    const char *rule;    /* "invalid-index" */
    const char *object;  /* that it is about */
    const char *message; /* what was found */
    const char *hint;    /* what to do */
};

struct audit {
    struct audit_table *tables;
    size_t n_tables;
    struct audit_finding *findings;
    size_t n_findings;
};

#endif
