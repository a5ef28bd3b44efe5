/* What the mix of requests (act.c) is made of (act_statement.c). */
#ifndef SEGUE_DRIVE_ACT_H
#define SEGUE_DRIVE_ACT_H

#include "drive/drive_internal.h"

const struct target *act_target(const struct worker *worker, size_t target);

/* Sends a statement, or plain SQL, under the request's clock. False when it failed, which has been reported. */
bool act_timed(struct worker *worker, const struct statement *statement, const struct row *row,
               struct rows **rows);
bool act_run(struct worker *worker, const char *sql);

/* Reports that a statement touched another number of rows than one. */
void act_report_rows(struct worker *worker, size_t target, const struct statement *statement,
                     const struct row *row, size_t found);

/* An INSERT of new values; *row is the new row when it succeeded. */
bool act_insert_row(struct worker *worker, size_t target, const struct statement *statement, struct row *row);
/* Writes new values to a row that is there; *next is the row after it, when it succeeded. */
bool act_rewrite(struct worker *worker, size_t target, const struct statement *statement,
                 const struct row *row, struct row *next);

#endif
