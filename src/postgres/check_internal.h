/* What the files of the check share. */
#ifndef SEGUE_POSTGRES_CHECK_INTERNAL_H
#define SEGUE_POSTGRES_CHECK_INTERNAL_H

#include "base/text.h"
#include "engine/engine.h"
#include "postgres/check_shape.h"

/* Where twins are under the names that tables have in the new version. */
#define TRIAL_SCHEMA "_segue_check"

struct check_run {
    struct session *session;
    struct arena *arena;
    const struct migration *migration; /* with names of types resolved */
    const struct migration *given;     /* as it was read */
    const struct catalog *catalog;
    struct types *types;
    struct check_shapes shapes;
    unsigned scratch;      /* how many scratch tables were named */
    const char *statement; /* the last that was tried; a statement of several changes is tried once */
};

/* One expression to ask the server about. */
struct check_expr {
    const char *text;
    const char *what;                /* for messages: "up users.full_name" */
    const struct check_table *table; /* whose row it reads; NULL: no column at all */
    enum check_version version;
    const char *alias;  /* what the file calls the table */
    const char *column; /* that takes it; NULL when there is none */
    const char *type;   /* that it must give; NULL: boolean */
    bool type_grows;
    struct place place; /* where text begins in the file, or only its clause */
    bool verbatim;      /* the file has the text as it is here, so that places within it can be told */
    bool no_volatile;   /* a volatile function in it is refused */
};

/* Asks the server; ERROR_REFUSED at the offending word when the expression means nothing there. */
bool check_expr_ask(struct check_run *run, const struct check_expr *expr, struct error *err) SEGUE_MUST_CHECK;
/* Appends the row that the expression reads, as a FROM clause. lenient: a column of a growing enum is text, so that the new label can
 * be written. */
void check_expr_row(struct text *sql, const struct check_expr *expr, bool lenient);
/* Makes the server's error one of the file, `offset` characters into the expression; -1: where it begins. Errors that are not
 * about the expression stay as they are. Returns false. */
bool check_expr_refuse(const struct check_run *run, const struct check_expr *expr, int offset,
                       struct error *err);

/* Runs a statement. *done: it ran; else it is as if it had not been, and err says why. False, with err, where that is not about the
 * statement: the session is lost, the server is busy. */
bool check_try(struct check_run *run, const char *sql, bool *done, struct error *err) SEGUE_MUST_CHECK;
/* The same around several statements, which may be kept or not. Without an end nothing more can be tried. */
bool check_try_begin(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;
/* err is left alone but where the end itself fails. */
bool check_try_end(struct check_run *run, bool keep, struct error *err) SEGUE_MUST_CHECK;

/* Makes the server's error one of the file at the place. Returns false. */
bool check_refuse(const struct check_run *run, struct place place, struct error *err);

/* Whether the file adds a label to an enum type: it is not there yet when something is tried. */
bool check_grows_enum(const struct migration *migration);

/* Whether the value of the expression can be assigned to a column of its type, by the server's own rule: stricter than a
 * cast that is written out, as psql is. The expression has been asked about before. */
bool check_assignment(struct check_run *run, const struct check_expr *expr,
                      struct error *err) SEGUE_MUST_CHECK;
/* ALTER … TYPE without USING: whether the column's old value can be assigned to the new type. */
bool check_implicit_cast(struct check_run *run, const struct check_table *table,
                         const struct check_column *column, struct error *err) SEGUE_MUST_CHECK;
/* The expressions of a copy or back annotation; check_copy.c. */
bool check_copy(struct check_run *run, const struct annotation *annotation,
                struct error *err) SEGUE_MUST_CHECK;
/* Whether a column can have the type and collation of the change. */
bool check_column_type(struct check_run *run, const struct change *change,
                       struct error *err) SEGUE_MUST_CHECK;

/* Whether a data fix means something on the table as it is at that point of the file. */
bool check_fix(struct check_run *run, const struct check_table *table, const struct change *change,
               struct error *err) SEGUE_MUST_CHECK;

/* ALTER … TYPE of a column that keeps its default: whether the server takes the default along. The change is not applied yet. */
bool check_default(struct check_run *run, const struct check_table *table, const struct change *change,
                   struct error *err) SEGUE_MUST_CHECK;

/* New tables and foreign keys, tried on tables that are rolled back. The shapes must be fresh. */
bool check_trials(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;

/* What stays on columns whose types change, tried on the shapes as they are in the end. */
bool check_kept(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;

/* Foreign keys that stay on columns whose types change; called by check_kept. */
bool check_references(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;

/* What the file says of partitions, children and their parents, tried in its order on empty twins. */
bool check_partitions(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;
/* Whether the file drops the constraint or index, by the name that it has by then. */
bool check_is_dropped(const struct migration *migration, const char *name);

/* A table of a name that nothing has, quoted and qualified, for one trial; the schema is the one that is changed, because there the role
 * may make tables. */
struct name check_scratch_name(struct check_run *run, const char *like);
/* Takes the scratch tables' prefix out of the server's words. */
void check_scratch_unname(struct error *err);
/* The file's statements that run as they stand: what expand makes, so that expressions may use it; then all that can be tried. */
bool check_statements_early(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;
bool check_statements(struct check_run *run, struct error *err) SEGUE_MUST_CHECK;
/* An empty table of a given name with the columns and keys that the table has in the new version by now. */
bool check_scratch_create(struct check_run *run, const struct check_table *table, struct name name,
                          struct error *err) SEGUE_MUST_CHECK;
/* An empty table with the columns and keys that the table has in the new version by now. */
bool check_scratch_twin(struct check_run *run, const struct check_table *table, struct name *out,
                        struct error *err) SEGUE_MUST_CHECK;

#endif
