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
};

/* Refuses a change: it cannot be exported, for this reason. Returns false. */
bool export_refuse(const struct export *export, const struct change *change, struct error *err,
                   const char *format, ...) SEGUE_PRINTF(4, 5);

/* The text of a table's name for a statement, and as the argument of to_regclass. */
const char *export_name(const struct export *export, struct name name);

/* A statement that may be run at any time and as often as wanted. */
void export_plain(const struct export *export, const char *sql);
/* Statements that are run, one after the other, where the condition holds. */
void export_guarded(const struct export *export, const char *condition, const char *const *statements,
                    size_t n);
void export_one(const struct export *export, const char *condition, const char *statement);
/* The same for what drops something: left out with a remark, unless drops are wanted. */
void export_drop(const struct export *export, const char *condition, const char *statement);

/* Conditions. */
const char *export_has_table(const struct export *export, struct name table);
const char *export_has_column(const struct export *export, struct name table, const char *column);
const char *export_has_constraint(const struct export *export, struct name table, const char *name);
const char *export_array(const struct export *export, const char *const *names, size_t n);

/* The statement that gives the rows present what `up` says of a column that was there before, where this change is the first that needs
 * it: a constraint or NOT NULL that they may not meet. NULL: none is needed. */
const char *export_values(const struct export *export, const struct change *change, const char *column);
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
