/*
 * An update that has nothing to do with the migration, by the other version: a worker lends one of its own rows to a worker of
 * the other version, which changes a column that no conversion reads, and looks afterwards whether all the rest is still what
 * it wrote. A conversion that runs on every update would have undone it.
 */
#ifndef SEGUE_DRIVE_FAVOUR_H
#define SEGUE_DRIVE_FAVOUR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "drive/row.h"

struct crew;
struct plan;
struct target;
struct worker;

enum favour_state { FAVOUR_FREE, FAVOUR_ASKED, FAVOUR_TAKEN, FAVOUR_DONE };

/* One for each worker. The row is the asker's; the helper reads its key between taken and done. */
struct favour {
    atomic_int state;
    size_t target; /* of the asker's crew */
    int column;    /* of the asker's shape */
    struct row row;
    int64_t asked_us;
};

/* Finds the columns of a target that no conversion reads or writes. agree: the plan's comparison of the table's rows. */
void favour_prepare(struct crew *crew, struct target *target, const struct plan *plan, const char *agree);
/* Looks after the worker's own favour: asks now and then while both versions are live, and checks when it was done. */
void favour_tend(struct worker *worker);
/* Does one for a worker of the other version, if any asks: an UPDATE under the clock. False: nobody asks. */
bool favour_do(struct worker *worker);
/* Takes the row back before the worker's last checks. */
void favour_end(struct worker *worker);

#endif
