/* What the files of the translation share. */
#ifndef SEGUE_POSTGRES_TRANSLATE_INTERNAL_H
#define SEGUE_POSTGRES_TRANSLATE_INTERNAL_H

#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"
#include "postgres/translate.h"

/* What a query may take columns from. */
enum source_kind {
    SOURCE_VERSION, /* a relation of the map */
    SOURCE_TABLE,   /* any other relation */
    SOURCE_LISTED, /* a subquery whose columns have these names, whatever the version: the translation keeps them */
    SOURCE_OPAQUE /* it may have any column, the same ones in both versions */
};

struct source {
    enum source_kind kind;
    const char *name; /* by which columns are qualified; NULL: none that is known */
    const struct named_relation *relation;
    const char *schema, *table; /* schema NULL: by the search path */
    const char **columns;
    size_t n_columns;
};

/* A query in its place: names of WITH queries and columns are looked for from the inside out. */
struct scope {
    const struct scope *outer;
    struct source *sources;
    size_t n;
    struct source *with; /* queries of WITH by their names */
    size_t n_with;
};

struct translator {
    struct arena *arena;
    const struct name_map *map;
    struct parse_text text;
    struct sql_edits edits;
    const struct scope *scope; /* of the expression that is looked at */
    bool touched;              /* a relation of the map is in the statement */
    bool names_itself;         /* in what takes a name from its columns, as xmlforest does */
    const char *why_not;       /* the first reason */
    const char **needs;
    size_t n_needs;
    struct named_output *outputs;
    size_t n_outputs;
};

/* Keeps the first reason. */
void translator_unsure(struct translator *translator, const char *format, ...) SEGUE_PRINTF(2, 3);
/* A token stands for another name from here on. */
void translator_edit(struct translator *translator, size_t token, const char *text);
/* `to` stands where `from` stood. */
void translator_need(struct translator *translator, const char *from, const char *to);

/* --- translate_scope.c --- */

/* Whether some table has a column of this name in one version, and not the same one in the other. */
bool map_concerns(const struct name_map *map, const char *column);
/* Whether the columns of a relation have the same names in both. */
bool relation_keeps_columns(const struct named_relation *relation);
const struct named_column *relation_column(const struct named_relation *relation, const char *from);

/* Whether a column of that name may be taken from the source, in the old and in the new version. */
bool source_has(const struct name_map *map, const struct source *source, const char *column, bool new);

/* What a column without a qualifier is called in the new version. NULL: that cannot be said, and the translator knows why. */
const char *scope_column(struct translator *translator, const struct scope *scope, const char *column);
/* The nearest source of that name, or NULL. */
const struct source *scope_source(const struct scope *scope, const char *name);
/* The query of WITH, or NULL. */
const struct source *scope_with(const struct scope *scope, const char *name);
/* A relation as it is named in a statement. */
struct source scope_relation(const struct translator *translator, const struct scope *scope,
                             const PgQuery__RangeVar *relation);

/* --- translate_output.c --- */

/* The name that the server gives to what is selected, or NULL where it is none that is known. */
const char *output_name(const PgQuery__Node *node);
/* The names of a query's columns. False: they are not known, since there is a * among them or what has no known name. */
bool output_names(struct arena *arena, const PgQuery__Node *query, const char ***names, size_t *n);

/* --- translate_query.c --- */

/* What of a query's columns matters where it stands. */
enum output {
    OUTPUT_RESULT, /* all, and it is the statement's result */
    OUTPUT_NAMES,  /* their names */
    OUTPUT_PLACES, /* their order alone */
    OUTPUT_NOTHING /* as in EXISTS */
};

void translate_query(struct translator *translator, PgQuery__Node *query, const struct scope *outer,
                     enum output output);
/* All that is said in a FROM, with the names that the scope gets by it; `ctes` is what is around it. */
void translate_from(struct translator *translator, PgQuery__Node **items, size_t n, struct scope *scope,
                    const struct scope *around);
/* The relation that a statement changes. */
void translate_relation(struct translator *translator, PgQuery__RangeVar *relation, struct scope *scope);

/* --- translate_expr.c --- */

void translate_expr(struct translator *translator, PgQuery__Node *node, const struct scope *scope);
void translate_exprs(struct translator *translator, PgQuery__Node **nodes, size_t n,
                     const struct scope *scope);
/* What is selected or returned. */
void translate_targets(struct translator *translator, PgQuery__Node **targets, size_t n,
                       const struct scope *scope, enum output output);
/* What is sorted by: a name alone is a column of the result first, and of a table only then. */
void translate_sorted(struct translator *translator, PgQuery__Node *node, PgQuery__Node **targets, size_t n,
                      const struct scope *scope);
/* What is grouped by: the other way round. */
void translate_grouped(struct translator *translator, PgQuery__Node *node, PgQuery__Node **targets, size_t n,
                       const struct scope *scope);
/* Columns of a relation that are assigned to; their values are left alone. */
void translate_assigned(struct translator *translator, PgQuery__Node **targets, size_t n,
                        const struct source *source);

#endif
