/* Constraints: their data, and the same with other names. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* The expression of a CHECK: what stands between its parentheses. */
static const char *find_check_expr(struct arena *arena, const struct parse_text *text,
                                   struct sql_edits *edits)
{
    size_t open = SQL_DEFINITION_TOKENS;
    while (open < text->n && !parse_token_is(text, open, "("))
        open++;
    return sql_edit_print(arena, text, open + 1, parse_token_closing(text, open), edits);
}

static bool open_statement(struct arena *arena, const char *statement, struct sql_definition *out,
                           struct parse_fault *fault)
{
    PgQuery__Node *node;
    struct sql_edits none = {0};
    if (!parse_tokens(arena, statement, &out->text, fault) ||
        !parse_statement(arena, statement, &node, fault))
        return false;
    if (node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT || node->alter_table_stmt->n_cmds != 1)
        return parse_fail(fault, 0, "this is not a constraint");
    const PgQuery__AlterTableCmd *cmd = node->alter_table_stmt->cmds[0]->alter_table_cmd;
    if (cmd->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint)
        return parse_fail(fault, 0, "this is not a constraint");
    out->tree = cmd->def->constraint;
    if (out->tree->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        out->check_expr = find_check_expr(arena, &out->text, &none);
    return true;
}

bool sql_definition_open(struct arena *arena, const char *definition, struct sql_definition *out,
                         struct parse_fault *fault)
{
    *out = (struct sql_definition){0};
    return open_statement(arena, arena_printf(arena, "ALTER TABLE t ADD %s", definition), out, fault);
}

/* Sets NOT VALID in the tree as the grammar does. */
static void set_validity(PgQuery__Constraint *tree, bool not_valid)
{
    bool can = tree->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK ||
               tree->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
    if (!can)
        return;
    tree->skip_validation = not_valid;
    tree->initially_valid = !not_valid;
}

/* Parses what was printed and compares it with the tree that was meant. */
static bool prove(const char *printed, const PgQuery__Constraint *meant, struct parse_fault *fault)
{
    struct sql_definition again;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    if (!printed)
        return parse_fail(fault, 0, "this kind of constraint cannot be written");
    if (!sql_definition_open(scratch, printed, &again, fault))
        return false;
    again.tree->conname = meant->conname;
    if (!parse_same(&again.tree->base, &meant->base))
        return parse_fail(fault, 0, "the constraint cannot be written with other names");
    return true;
}

/* EXCLUDE USING method (elements) [INCLUDE (names)] … [WHERE (expression)]: the text with its names edited. */
static const char *rename_exclusion(struct arena *arena, struct sql_definition *d,
                                    const struct rename *renames, size_t n, struct sql_edits *edits)
{
    size_t open = SQL_DEFINITION_TOKENS;
    while (open < d->text.n && !parse_token_is(&d->text, open, "("))
        open++;
    sql_edit_elements(arena, &d->text, open, d->tree->exclusions, d->tree->n_exclusions, renames, n, edits);
    size_t behind = parse_token_closing(&d->text, open) + 1;
    if (parse_token_is(&d->text, behind, "include"))
        sql_edit_elements(arena, &d->text, behind + 1, d->tree->including, d->tree->n_including, renames, n,
                          edits);
    return sql_edit_print(arena, &d->text, SQL_DEFINITION_TOKENS, d->text.n, edits);
}

/* Renames the columns in the tree and in the text of its expressions; *exclusion is the text of an EXCLUDE. */
static bool rename_tree(struct arena *arena, struct sql_definition *d, const struct rename *renames, size_t n,
                        bool self_reference, const char **exclusion, struct parse_fault *fault)
{
    PgQuery__Constraint *tree = d->tree;
    struct sql_refs refs;
    struct sql_edits edits = {0};
    sql_refs_find(arena, &tree->base, &refs);
    if (!sql_refs_rename(&refs, &d->text, renames, n, &edits, fault))
        return false;
    if (tree->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        d->check_expr = find_check_expr(arena, &d->text, &edits);
    if (tree->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION) {
        *exclusion = rename_exclusion(arena, d, renames, n, &edits);
        return true;
    }
    sql_rename_strings(arena, tree->keys, tree->n_keys, renames, n);
    sql_rename_strings(arena, tree->including, tree->n_including, renames, n);
    sql_rename_strings(arena, tree->fk_attrs, tree->n_fk_attrs, renames, n);
    sql_rename_strings(arena, tree->fk_del_set_cols, tree->n_fk_del_set_cols, renames, n);
    if (self_reference)
        sql_rename_strings(arena, tree->pk_attrs, tree->n_pk_attrs, renames, n);
    return true;
}

static bool rename_in(struct arena *arena, const char *definition, const struct rename *renames, size_t n,
                      bool not_valid, bool self_reference, const char **out, struct parse_fault *fault)
{
    struct sql_definition d;
    const char *exclusion = NULL;
    if (!sql_definition_open(arena, definition, &d, fault))
        return false;
    if (!rename_tree(arena, &d, renames, n, self_reference, &exclusion, fault))
        return false;
    set_validity(d.tree, not_valid);
    *out = exclusion ? exclusion : sql_constraint_print(arena, d.tree, d.check_expr, d.tree->skip_validation);
    return prove(*out, d.tree, fault);
}

bool sql_constraint_rename(struct arena *arena, const char *definition, const struct rename *renames,
                           size_t n, bool not_valid, bool self_reference, const char **out, struct error *err)
{
    struct parse_fault fault;
    return rename_in(arena, definition, renames, n, not_valid, self_reference, out, &fault) ||
           sql_fault(err, &fault, "constraint", definition);
}

static bool retarget_in(struct arena *arena, const char *definition, const struct name *references,
                        bool not_valid, const char **out, struct parse_fault *fault)
{
    struct sql_definition d;
    if (!sql_definition_open(arena, definition, &d, fault))
        return false;
    if (!d.tree->pktable)
        return parse_fail(fault, 0, "this is not a foreign key");
    d.tree->pktable->schemaname = arena_strdup(arena, references->schema ? references->schema : "");
    d.tree->pktable->relname = arena_strdup(arena, references->name);
    set_validity(d.tree, not_valid);
    *out = sql_constraint_print(arena, d.tree, NULL, not_valid);
    return prove(*out, d.tree, fault);
}

bool sql_constraint_retarget(struct arena *arena, const char *definition, const struct name *references,
                             bool not_valid, const char **out, struct error *err)
{
    struct parse_fault fault;
    return retarget_in(arena, definition, references, not_valid, out, &fault) ||
           sql_fault(err, &fault, "constraint", definition);
}

static bool rewrite_key_in(struct arena *arena, struct sql_definition *d, const struct rename *renames,
                           size_t n, const struct name *references, const char *const *ref_columns,
                           size_t n_ref_columns, struct parse_fault *fault)
{
    const char *exclusion = NULL;
    if (!d->tree->pktable)
        return parse_fail(fault, 0, "this is not a foreign key");
    if (!rename_tree(arena, d, renames, n, false, &exclusion, fault))
        return false;
    d->tree->pktable->schemaname = arena_strdup(arena, references->schema ? references->schema : "");
    d->tree->pktable->relname = arena_strdup(arena, references->name);
    d->tree->n_pk_attrs = n_ref_columns;
    d->tree->pk_attrs = arena_alloc(arena, (n_ref_columns + 1) * sizeof *d->tree->pk_attrs);
    for (size_t i = 0; i < n_ref_columns; i++)
        d->tree->pk_attrs[i] = parse_string_node(arena, ref_columns[i]);
    return true;
}

bool sql_foreign_key_rewrite(struct arena *arena, const char *definition, const struct rename *renames,
                             size_t n, const struct name *references, const char *const *ref_columns,
                             size_t n_ref_columns, bool not_valid, const char **out, struct error *err)
{
    struct parse_fault fault;
    struct sql_definition d;
    if (!sql_definition_open(arena, definition, &d, &fault) ||
        !rewrite_key_in(arena, &d, renames, n, references, ref_columns, n_ref_columns, &fault))
        return sql_fault(err, &fault, "constraint", definition);
    set_validity(d.tree, not_valid);
    *out = sql_constraint_print(arena, d.tree, NULL, not_valid);
    return prove(*out, d.tree, &fault) || sql_fault(err, &fault, "constraint", definition);
}

static enum constraint_kind kind_of(const PgQuery__Constraint *tree)
{
    switch (tree->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE: return CONSTRAINT_UNIQUE;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY: return CONSTRAINT_PRIMARY_KEY;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: return CONSTRAINT_FOREIGN_KEY;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION: return CONSTRAINT_EXCLUSION;
    default: return CONSTRAINT_CHECK;
    }
}

/* The columns that it constrains. */
static bool define_columns(struct arena *arena, const PgQuery__Constraint *tree, const char *text,
                           const char *table, struct constraint_def *def, struct parse_fault *fault)
{
    bool has_subquery;
    switch (def->kind) {
    case CONSTRAINT_CHECK:
        return sql_expr_columns_at(arena, text, table, &def->columns, &def->n_columns, &has_subquery, fault);
    case CONSTRAINT_EXCLUSION: return sql_exclusion_define(arena, tree, table, def, fault);
    case CONSTRAINT_FOREIGN_KEY:
        def->columns = parse_strings(arena, tree->fk_attrs, tree->n_fk_attrs);
        def->n_columns = tree->n_fk_attrs;
        def->ref_columns = parse_strings(arena, tree->pk_attrs, tree->n_pk_attrs);
        def->n_ref_columns = tree->n_pk_attrs;
        def->references.schema = parse_given(tree->pktable->schemaname) ? tree->pktable->schemaname : NULL;
        def->references.name = tree->pktable->relname;
        def->match_full = tree->fk_matchtype[0] == 'f';
        return true;
    default:
        def->columns = parse_strings(arena, tree->keys, tree->n_keys);
        def->n_columns = tree->n_keys;
        def->included = parse_strings(arena, tree->including, tree->n_including);
        def->n_included = tree->n_including;
        def->using_index = parse_given(tree->indexname) ? tree->indexname : NULL;
        return true;
    }
}

struct constraint_def *sql_constraint_define(struct arena *arena, const PgQuery__Constraint *constraint,
                                             const char *text, const char *table, struct parse_fault *fault)
{
    struct constraint_def *def = arena_alloc(arena, sizeof *def);
    *def = (struct constraint_def){
        .kind = kind_of(constraint),
        .name = parse_given(constraint->conname) ? constraint->conname : NULL,
        .definition = constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION
                          ? text
                          : sql_constraint_print(arena, constraint, text, false),
        .not_valid = constraint->skip_validation,
    };
    PgQuery__Constraint meant = *constraint;
    set_validity(&meant, false);
    if (!prove(def->definition, &meant, fault) || !define_columns(arena, constraint, text, table, def, fault))
        return NULL;
    return def;
}

bool sql_constraint_parse(struct arena *arena, const char *definition, struct constraint_def **out,
                          struct error *err)
{
    struct parse_fault fault;
    struct sql_definition d;
    if (!sql_definition_open(arena, definition, &d, &fault))
        return sql_fault(err, &fault, "constraint", definition);
    bool exclusion = d.tree->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION;
    *out = sql_constraint_define(arena, d.tree, exclusion ? definition : d.check_expr, NULL, &fault);
    return *out || sql_fault(err, &fault, "constraint", definition);
}
