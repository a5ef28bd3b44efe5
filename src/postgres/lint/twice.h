/* Columns that a statement names twice where the server takes them once: it parses such a statement, and refuses it then. */
#ifndef SEGUE_POSTGRES_LINT_TWICE_H
#define SEGUE_POSTGRES_LINT_TWICE_H

#include "postgres/lint/sql.h"

/* Each looks from where the cursor stands, without moving it, and gives the first such name in the arena; NULL: there is none.
 * Elements and attributes (a[1], a.b) may be named again, as the server allows. */

/* (a, b, c): the columns of an INSERT or of a view. */
const char *twice_in_list(const struct sql *sql);
/* SET a = 1, (b, c) = …: from the first SET on; a MERGE has several. */
const char *twice_in_set(const struct sql *sql);
/* SELECT a, b AS c, …: the names that a view or a table takes from a query. */
const char *twice_in_targets(const struct sql *sql);
/* The columns of CREATE TABLE among the statement's actions. */
const char *twice_in_table(const struct lint_statement *statement);

#endif
