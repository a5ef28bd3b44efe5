/* Steps about partitioned tables and parents: what one statement on the parent would do under its locks for as long as all the
 * partitions are large is done partition by partition instead, and the parent's statement comes last, when nothing is left to scan. */
#ifndef SEGUE_POSTGRES_PLANNER_STEPS_FAMILY_H
#define SEGUE_POSTGRES_PLANNER_STEPS_FAMILY_H

#include "postgres/planner/steps.h"

/* Adds to the step the acts that validate a constraint which all tables of the family have under this name. */
void family_validate(struct steps *steps, const struct model_table *table, const char *constraint);

/* What is to be built on every partition and then on the table. */
struct family_build {
    const struct model_table *table;
    const struct model_part *parts;
    size_t n_parts;
    const char *name;       /* of the table's index until `complete` */
    bool copied;            /* parts have interim names as well */
    const char *definition; /* CREATE INDEX in the columns' physical names; NULL for a constraint */
    const char *constraint; /* UNIQUE (…) …, likewise */
};

/* An index of a partitioned table: built concurrently on each partition, then attached to the parent's. */
bool family_index(struct steps *steps, const struct family_build *build, struct error *err) SEGUE_MUST_CHECK;
/* primary: only the partitions' indexes; the key itself is made at `complete`. */
void family_unique(struct steps *steps, const struct family_build *build, bool primary);
/* A foreign key of a partitioned table; definition without NOT VALID. undo may be NULL. */
void family_foreign_key(struct steps *steps, const struct model_table *table, enum plan_phase phase,
                        const char *name, const char *definition, const char *undo, const char *referenced);

/* The name that a part has until `complete`. */
const char *family_part_name(struct steps *steps, const struct model_part *part, bool copied);

/* The undo of a dropped foreign key of a partitioned table: steps whose act is nothing. The caller's step comes after them. */
void family_foreign_key_back(struct steps *steps, const struct model_table *table,
                             const struct catalog_constraint *constraint);
/* What of it the dropping step itself undoes. */
void family_foreign_key_undo(struct steps *steps, const struct model_table *table,
                             const struct catalog_constraint *constraint);

#endif
