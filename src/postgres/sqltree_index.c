/* Indexes: their data, and the same statement for another name, table and columns. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

bool sql_index_open(struct arena *arena, const char *statement, struct sql_index *out,
                    struct parse_fault *fault)
{
    PgQuery__Node *node;
    *out = (struct sql_index){0};
    if (!parse_tokens(arena, statement, &out->text, fault) ||
        !parse_statement(arena, statement, &node, fault))
        return false;
    if (node->node_case != PG_QUERY__NODE__NODE_INDEX_STMT)
        return parse_fail(fault, 0, "this is not a CREATE INDEX statement");
    out->tree = node->index_stmt;
    /* Behind the table's name: name { . name } [*] */
    size_t at = parse_token_at(&out->text, (size_t)out->tree->relation->location) + 1;
    while (parse_token_is(&out->text, at, "."))
        at += 2;
    if (parse_token_is(&out->text, at, "*"))
        at++;
    out->tail = at;
    if (parse_token_is(&out->text, out->text.n - 1, ";"))
        out->text.n--;
    return true;
}

/* The head of the statement from the tree; the rest keeps its text, with its columns edited. */
static const char *print(struct arena *arena, const struct sql_index *index, struct sql_edits *edits)
{
    const PgQuery__IndexStmt *tree = index->tree;
    const char *schema = parse_given(tree->relation->schemaname) ? tree->relation->schemaname : NULL;
    const char *name = parse_given(tree->idxname) ? pg_format(arena, "%I ", tree->idxname) : "";
    return pg_format(arena, "CREATE %sINDEX %s%sON %Q %s", tree->unique ? "UNIQUE " : "",
                     tree->concurrent ? "CONCURRENTLY " : "", name, schema, tree->relation->relname,
                     sql_edit_print(arena, &index->text, index->tail, index->text.n, edits));
}

static bool prove(const char *printed, const PgQuery__IndexStmt *meant, struct parse_fault *fault)
{
    struct sql_index again;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    if (!sql_index_open(scratch, printed, &again, fault))
        return false;
    if (!parse_same(&again.tree->base, &meant->base))
        return parse_fail(fault, 0, "the index cannot be written with other names");
    return true;
}

static bool rename_columns(struct arena *arena, struct sql_index *index, const struct rename *renames,
                           size_t n, struct sql_edits *edits, struct parse_fault *fault)
{
    struct sql_refs refs;
    PgQuery__IndexStmt *tree = index->tree;
    sql_refs_find(arena, &tree->base, &refs);
    if (!sql_refs_rename(&refs, &index->text, renames, n, edits, fault))
        return false;
    size_t open = index->tail;
    while (open < index->text.n && !parse_token_is(&index->text, open, "("))
        open++;
    sql_edit_elements(arena, &index->text, open, tree->index_params, tree->n_index_params, renames, n, edits);
    size_t behind = parse_token_closing(&index->text, open) + 1;
    if (parse_token_is(&index->text, behind, "include"))
        sql_edit_elements(arena, &index->text, behind + 1, tree->index_including_params,
                          tree->n_index_including_params, renames, n, edits);
    return true;
}

static void set_head(struct arena *arena, PgQuery__IndexStmt *tree, const char *new_name, const char *schema,
                     const char *table, bool concurrently)
{
    tree->idxname = arena_strdup(arena, new_name ? new_name : "");
    tree->relation->schemaname = arena_strdup(arena, schema ? schema : "");
    tree->relation->relname = arena_strdup(arena, table);
    tree->relation->catalogname = arena_strdup(arena, "");
    tree->relation->inh = 1;
    tree->concurrent = concurrently;
    tree->if_not_exists = 0;
}

bool sql_index_rename(struct arena *arena, const char *statement, const struct rename *renames, size_t n,
                      const char *new_name, const char *schema, const char *table, bool concurrently,
                      const char **out, struct error *err)
{
    struct parse_fault fault;
    struct sql_index index;
    struct sql_edits edits = {0};
    if (!sql_index_open(arena, statement, &index, &fault) ||
        !rename_columns(arena, &index, renames, n, &edits, &fault))
        return sql_fault(err, &fault, "index", statement);
    set_head(arena, index.tree, new_name, schema, table, concurrently);
    *out = print(arena, &index, &edits);
    return prove(*out, index.tree, &fault) || sql_fault(err, &fault, "index", statement);
}

static void add_elements(struct arena *arena, PgQuery__Node *const *elements, size_t n_elements,
                         const char ***names, size_t *n)
{
    for (size_t i = 0; i < n_elements; i++) {
        const PgQuery__IndexElem *element = elements[i]->index_elem;
        if (parse_given(element->name))
            sql_add_distinct(arena, names, n, element->name);
    }
}

/* The plain key columns, or none when any key is an expression. */
static void define_keys(struct arena *arena, const PgQuery__IndexStmt *tree, struct index_def *def)
{
    for (size_t i = 0; i < tree->n_index_params; i++) {
        const char *name = tree->index_params[i]->index_elem->name;
        if (!parse_given(name)) {
            def->key_columns = NULL;
            def->n_key_columns = 0;
            return;
        }
        ARENA_PUSH(arena, def->key_columns, def->n_key_columns, name);
    }
}

/* Every column that it reads. */
static bool define_columns(struct arena *arena, PgQuery__IndexStmt *tree, struct index_def *def,
                           struct parse_fault *fault)
{
    struct sql_refs refs;
    const char **read;
    size_t n_read;
    sql_refs_find(arena, &tree->base, &refs);
    if (!sql_refs_columns(&refs, tree->relation->relname, &read, &n_read, fault))
        return false;
    add_elements(arena, tree->index_params, tree->n_index_params, &def->columns, &def->n_columns);
    add_elements(arena, tree->index_including_params, tree->n_index_including_params, &def->columns,
                 &def->n_columns);
    for (size_t i = 0; i < n_read; i++)
        sql_add_distinct(arena, &def->columns, &def->n_columns, read[i]);
    return true;
}

bool sql_index_define(struct arena *arena, struct sql_index *index, struct index_def **out,
                      struct parse_fault *fault)
{
    PgQuery__IndexStmt *tree = index->tree;
    struct sql_edits none = {0};
    struct index_def *def = arena_alloc(arena, sizeof *def);
    *def = (struct index_def){
        .unique = tree->unique,
        .concurrently = tree->concurrent,
        .has_where = tree->where_clause != NULL,
        .nulls_not_distinct = tree->nulls_not_distinct,
    };
    tree->concurrent = 0;
    tree->if_not_exists = 0;
    tree->relation->inh = 1;
    def->definition = print(arena, index, &none);
    if (!prove(def->definition, tree, fault) || !define_columns(arena, tree, def, fault))
        return false;
    define_keys(arena, tree, def);
    sql_index_name_parts(arena, tree, &def->name_parts, &def->n_name_parts);
    *out = def;
    return true;
}

bool sql_index_parse(struct arena *arena, const char *statement, struct index_def **out, struct name *table,
                     const char **name, struct error *err)
{
    struct parse_fault fault;
    struct sql_index index;
    if (!sql_index_open(arena, statement, &index, &fault) || !sql_index_define(arena, &index, out, &fault))
        return sql_fault(err, &fault, "index", statement);
    const PgQuery__RangeVar *relation = index.tree->relation;
    table->schema = parse_given(relation->schemaname) ? relation->schemaname : NULL;
    table->name = relation->relname;
    *name = parse_given(index.tree->idxname) ? index.tree->idxname : NULL;
    return true;
}
