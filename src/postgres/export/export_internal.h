/* What the files of this room share. */
#ifndef SEGUE_POSTGRES_EXPORT_EXPORT_INTERNAL_H
#define SEGUE_POSTGRES_EXPORT_EXPORT_INTERNAL_H

#include "base/error.h"
#include "base/text.h"
#include "migration/change.h"
#include "postgres/format.h"

/* A script under way. */
struct export
{
    struct arena *arena;
    const struct migration *migration;
    bool drops;
    struct text *out;
    bool *used; /* of each annotation: some change takes its values */
};

/* Refuses a change: it cannot be exported, for this reason. Returns false. */
bool export_refuse(const struct export *export, const struct change *change, struct error *err,
                   const char *format, ...) SEGUE_PRINTF(4, 5);

/* The text of a table's name for a statement, and as the argument of to_regclass. */
const char *export_name(const struct export *export, struct name name);

/* A statement that may be run at any time and as often as wanted. */
void export_plain(const struct export *export, const char *sql);
/* Lines of a block: a statement as it is, and an UPDATE of the table for which no trigger of the application fires. */
const char *export_execute(const struct export *export, const char *sql);
const char *export_fill(const struct export *export, struct name table, const char *update);
/* Lines that are run, one after the other, where the condition holds. */
void export_guarded(const struct export *export, const char *condition, const char *const *lines, size_t n);
/* The same with one statement. */
void export_one(const struct export *export, const char *condition, const char *statement);
/* The same for what drops something: left out with a remark, unless drops are wanted. */
void export_drop(const struct export *export, const char *condition, const char *statement);

/* Conditions. */
const char *export_has_table(const struct export *export, struct name table);
const char *export_has_column(const struct export *export, struct name table, const char *column);
const char *export_has_constraint(const struct export *export, struct name table, const char *name);
const char *export_has_domain_constraint(const struct export *export, struct name domain, const char *name);
/* The child is a partition of the parent, or inherits from it. */
const char *export_has_parent(const struct export *export, struct name child, struct name parent);
/* The nth of what a statement makes or drops is there; NULL: no question is known. */
const char *export_has_subject(const struct export *export, const struct change *change, size_t nth);
/* " AND …": the columns have these names still, where the file renames or drops some of them further down; else "". */
const char *export_keeps(const struct export *export, const struct change *change, const char *const *columns,
                         size_t n);
const char *export_array(const struct export *export, const char *const *names, size_t n);

/* The line that gives the rows present what `up` says of a column that was there before, where this change is the first that needs
 * it: a constraint or NOT NULL that they may not meet. NULL: none is needed. */
const char *export_values(const struct export *export, const struct change *change, const char *column);

/* The name that a table or type of the change `from` has after the change `to`, which is not before it. */
void export_follow(const struct change *from, const struct change *to, struct name *table);
/* The name that a column of the change's table has in the end. */
const char *export_last_column(const struct export *export, const struct change *from, const char *column);
/* The file's last change. */
const struct change *export_last(const struct export *export);
/* Before all else: gives the names of before back to what a script without drops has left. */
void export_names_of_before(const struct export *export);

/* Columns of tables. */
bool export_column(const struct export *export, const struct change *change, struct error *err);
/* Constraints and indexes. */
bool export_key(const struct export *export, const struct change *change, struct error *err);
/* Tables, types, sequences, partitions and comments. */
bool export_object(const struct export *export, const struct change *change, struct error *err);
/* Statements that segue runs as they stand. */
bool export_statement(const struct export *export, const struct change *change, struct error *err);

/* Columns that were there before and get a sequence: it goes on behind their numbers. */
void export_sequences(const struct export *export);

/* Refuses what the file makes and unmakes again: how far a database has come could not be told. */
bool export_check_twice(const struct export *export, struct error *err);

#endif
