/* Constraints in the words of pg_get_constraintdef. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

static void append_names(struct arena *arena, struct text *out, PgQuery__Node *const *nodes, size_t n)
{
    const char **names = parse_strings(arena, nodes, n);
    text_printf(out, "(%s)", pg_identifier_list(arena, names, n));
}

/* A storage parameter's value; false for a kind that no index has. */
static bool append_option_value(struct arena *arena, struct text *out, const PgQuery__Node *value)
{
    switch (value->node_case) {
    case PG_QUERY__NODE__NODE_INTEGER: text_printf(out, "%d", value->integer->ival); return true;
    case PG_QUERY__NODE__NODE_FLOAT: text_append(out, value->float_->fval); return true;
    case PG_QUERY__NODE__NODE_STRING: pg_append(out, "%L", value->string->sval); return true;
    case PG_QUERY__NODE__NODE_TYPE_NAME:
        if (value->type_name->n_names != 1)
            return false;
        text_append(out, parse_strings(arena, value->type_name->names, 1)[0]);
        return true;
    default: return false;
    }
}

static bool append_options(struct arena *arena, struct text *out, const PgQuery__Constraint *c)
{
    for (size_t i = 0; i < c->n_options; i++) {
        const PgQuery__DefElem *option = c->options[i]->def_elem;
        pg_append(out, "%s%I", i ? ", " : " WITH (", option->defname);
        if (!option->arg)
            continue;
        text_append(out, "=");
        if (!append_option_value(arena, out, option->arg))
            return false;
    }
    text_append(out, c->n_options ? ")" : "");
    return true;
}

static void append_deferrable(struct text *out, const PgQuery__Constraint *c)
{
    text_append(out, c->deferrable ? " DEFERRABLE" : "");
    text_append(out, c->initdeferred ? " INITIALLY DEFERRED" : "");
}

static bool append_unique(struct arena *arena, struct text *out, const PgQuery__Constraint *c)
{
    text_append(out, c->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY ? "PRIMARY KEY" : "UNIQUE");
    if (parse_given(c->indexname)) {
        pg_append(out, " USING INDEX %I", c->indexname);
    } else {
        text_append(out, c->nulls_not_distinct ? " NULLS NOT DISTINCT " : " ");
        append_names(arena, out, c->keys, c->n_keys);
    }
    if (c->n_including) {
        text_append(out, " INCLUDE ");
        append_names(arena, out, c->including, c->n_including);
    }
    if (!append_options(arena, out, c))
        return false;
    if (parse_given(c->indexspace))
        pg_append(out, " USING INDEX TABLESPACE %I", c->indexspace);
    append_deferrable(out, c);
    return true;
}

static const char *action_words(char action)
{
    switch (action) {
    case 'r': return "RESTRICT";
    case 'c': return "CASCADE";
    case 'n': return "SET NULL";
    case 'd': return "SET DEFAULT";
    default: return NULL; /* 'a': no action, which is the default */
    }
}

static void append_foreign_key(struct arena *arena, struct text *out, const PgQuery__Constraint *c)
{
    const char *schema = parse_given(c->pktable->schemaname) ? c->pktable->schemaname : NULL;
    const char *on_update = action_words(c->fk_upd_action[0]);
    const char *on_delete = action_words(c->fk_del_action[0]);
    text_append(out, "FOREIGN KEY ");
    append_names(arena, out, c->fk_attrs, c->n_fk_attrs);
    pg_append(out, " REFERENCES %Q", schema, c->pktable->relname);
    if (c->n_pk_attrs)
        append_names(arena, out, c->pk_attrs, c->n_pk_attrs);
    text_append(out, c->fk_matchtype[0] == 'f' ? " MATCH FULL" : "");
    if (on_update)
        text_printf(out, " ON UPDATE %s", on_update);
    if (on_delete)
        text_printf(out, " ON DELETE %s", on_delete);
    if (c->n_fk_del_set_cols) {
        text_append(out, " ");
        append_names(arena, out, c->fk_del_set_cols, c->n_fk_del_set_cols);
    }
    append_deferrable(out, c);
}

static bool append_constraint(struct arena *arena, struct text *out, const PgQuery__Constraint *c,
                              const char *check_expr)
{
    switch (c->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        text_printf(out, "CHECK (%s)%s", check_expr, c->is_no_inherit ? " NO INHERIT" : "");
        return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY: return append_unique(arena, out, c);
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: append_foreign_key(arena, out, c); return true;
    default: return false;
    }
}

const char *sql_constraint_print(struct arena *arena, const PgQuery__Constraint *constraint,
                                 const char *check_expr, bool not_valid)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!append_constraint(arena, &out, constraint, check_expr))
        return NULL;
    text_append(&out, not_valid ? " NOT VALID" : "");
    return arena_strdup(arena, text_string(&out));
}
