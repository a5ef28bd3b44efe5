/* Single rows of a walk. For walk*.c only. */
#ifndef SEGUE_POSTGRES_WALK_ROW_H
#define SEGUE_POSTGRES_WALK_ROW_H

#include "postgres/walk_internal.h"

struct walk_row {
    const char *label; /* (id) = (5) */
    const char **key;  /* values of the walk's key columns; the ctid where it has none */
    size_t n_key;
};

/* What the walk does, for one row; nothing where the row is gone, or needs it no more. */
bool walk_do_row(struct session *session, const struct walk *walk, const struct walk_row *row,
                 struct error *err) SEGUE_MUST_CHECK;
/* Lists the row, with why it fails. ERROR_REFUSED when it is one too many. */
bool walk_add_stubborn(struct session *session, int64_t id, const struct step *step,
                       const struct walk_row *row, const struct error *cause,
                       struct error *err) SEGUE_MUST_CHECK;
/* Opens the transaction of a chunk of that many rows; its statements take most_seconds at most, those of a single row a minute. */
bool walk_begin(struct session *session, const struct walk *walk, long rows, double most_seconds,
                struct error *err) SEGUE_MUST_CHECK;

#endif
