/* What the files of sqltree share with each other and with the reader of migrations. */
#ifndef SEGUE_POSTGRES_SQLTREE_INTERNAL_H
#define SEGUE_POSTGRES_SQLTREE_INTERNAL_H

#include "postgres/parse.h"
#include "postgres/sqltree.h"

/* A replacement of the tokens from `first` up to before `last`. */
struct sql_edit {
    size_t first, last;
    const char *text;
};

struct sql_edits {
    struct sql_edit *list;
    size_t n;
};

void sql_edit_add(struct arena *arena, struct sql_edits *edits, size_t first, size_t last, const char *text);
/* Tokens [first, last) with the edits made: comments gone, any white space one blank. In the arena. Sorts the edits. */
const char *sql_edit_print(struct arena *arena, const struct parse_text *text, size_t first, size_t last,
                           struct sql_edits *edits);

/* A column reference of a tree and its place. */
struct sql_ref {
    PgQuery__ColumnRef *ref;
    const char **fields; /* its names in order; n_fields */
    size_t n_fields;
    bool star; /* ends in * */
};

struct sql_refs {
    struct arena *arena;
    struct sql_ref *list;
    size_t n;
    bool has_subquery;
    int strange; /* location of a parameter or DEFAULT, which no expression of ours may have; -1: none */
};

/* All column references below a message, in the order of the text. */
void sql_refs_find(struct arena *arena, ProtobufCMessage *root, struct sql_refs *out);
/* The distinct columns of `table` among them; see sql_expr_columns. Places of a fault are the tree's locations. */
bool sql_refs_columns(struct sql_refs *refs, const char *table, const char ***names, size_t *n,
                      struct parse_fault *fault);
/* Renames the references in their tree and adds the edits of their text. */
bool sql_refs_rename(struct sql_refs *refs, const struct parse_text *text, const struct rename *renames,
                     size_t n, struct sql_edits *edits, struct parse_fault *fault);

/* The new name of a column, or the same. */
const char *sql_renamed(const struct rename *renames, size_t n, const char *name);
/* Renames String nodes in place. */
void sql_rename_strings(struct arena *arena, PgQuery__Node **nodes, size_t n_nodes,
                        const struct rename *renames, size_t n);
/* Adds a name to a list of distinct ones. */
void sql_add_distinct(struct arena *arena, const char ***names, size_t *n, const char *name);

/* An expression as a text and a tree. */
struct sql_expr {
    struct parse_text text; /* "SELECT " and the expression: token 0 is SELECT */
    PgQuery__Node *tree;
};

/* Length of "SELECT ", by which offsets of the text are ahead of the expression's. */
enum { SQL_EXPR_SHIFT = 7 };

/* Parses an expression. A fault's offset is a byte of expr. */
bool sql_expr_open(struct arena *arena, const char *expr, struct sql_expr *out,
                   struct parse_fault *fault) SEGUE_MUST_CHECK;
/* sql_expr_columns with a fault that has a place. */
bool sql_expr_columns_at(struct arena *arena, const char *expr, const char *table, const char ***names,
                         size_t *n, bool *has_subquery, struct parse_fault *fault) SEGUE_MUST_CHECK;

/* A fault as an error about the text. */
bool sql_fault(struct error *err, const struct parse_fault *fault, const char *what, const char *text);

/* A constraint's definition in the statement that would add it. */
struct sql_definition {
    struct parse_text text; /* "ALTER TABLE t ADD " and the definition */
    PgQuery__Constraint *tree;
    const char *check_expr; /* NULL unless it is a CHECK */
};

/* The tokens ahead of the definition's own: ALTER TABLE t ADD. */
enum { SQL_DEFINITION_TOKENS = 4 };

bool sql_definition_open(struct arena *arena, const char *definition, struct sql_definition *out,
                         struct parse_fault *fault) SEGUE_MUST_CHECK;

/* Fills in what an EXCLUDE reads and what its automatic name is made of. */
bool sql_exclusion_define(struct arena *arena, const PgQuery__Constraint *constraint, const char *table,
                          struct constraint_def *def, struct parse_fault *fault) SEGUE_MUST_CHECK;

/* A constraint as pg_get_constraintdef prints it, without its name; check_expr is the text of a CHECK's expression.
 * NULL for a kind that cannot be printed. */
const char *sql_constraint_print(struct arena *arena, const PgQuery__Constraint *constraint,
                                 const char *check_expr, bool not_valid);
/* The data of a constraint; NULL and a fault (its place is in text) when it cannot be taken. text: of a CHECK its expression, of
 * an EXCLUDE all of it, from that word on. */
struct constraint_def *sql_constraint_define(struct arena *arena, const PgQuery__Constraint *constraint,
                                             const char *text, const char *table, struct parse_fault *fault);

/* A CREATE INDEX statement under way. */
struct sql_index {
    struct parse_text text;
    PgQuery__IndexStmt *tree;
    size_t tail; /* the token behind the table's name */
};

bool sql_index_open(struct arena *arena, const char *statement, struct sql_index *out,
                    struct parse_fault *fault) SEGUE_MUST_CHECK;
/* The data of the index; faults are places of the statement. */
bool sql_index_define(struct arena *arena, struct sql_index *index, struct index_def **out,
                      struct parse_fault *fault) SEGUE_MUST_CHECK;

/* The column names that the server would put into an automatic index name. */
void sql_index_name_parts(struct arena *arena, const PgQuery__IndexStmt *index, const char ***parts,
                          size_t *n);

/* Edits of the plain column names in a parenthesized list of index elements or names; open is its "(" token. */
void sql_edit_elements(struct arena *arena, const struct parse_text *text, size_t open,
                       PgQuery__Node **elements, size_t n_elements, const struct rename *renames, size_t n,
                       struct sql_edits *edits);

#endif
