/* What CREATE TABLE declares, for those who must put rows into the table. */
#include <string.h>

#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

static const char *serial_type(const char *name)
{
    if (strcmp(name, "bigserial") == 0 || strcmp(name, "serial8") == 0)
        return "bigint";
    if (strcmp(name, "smallserial") == 0 || strcmp(name, "serial2") == 0)
        return "smallint";
    return "integer";
}

static const char *type_of(const struct read_statement *s, const PgQuery__TypeName *type)
{
    struct error ignored;
    struct reader reader = *s->reader;
    struct read_statement quiet = *s;
    const char *out;
    reader.err = &ignored;
    quiet.reader = &reader;
    if (read_is_serial(type))
        return serial_type(parse_string(type->names[0]));
    return read_type(&quiet, type, &out) ? out : NULL;
}

static void add_constraint(const struct read_statement *s, struct table_def *table,
                           const PgQuery__Constraint *constraint, const char *column)
{
    struct error ignored;
    struct parse_fault fault;
    struct reader reader = *s->reader;
    struct read_statement quiet = *s;
    PgQuery__Constraint copy = *constraint;
    const char *check_expr = NULL;
    reader.err = &ignored;
    quiet.reader = &reader;
    if (column)
        read_name_key(s->reader->arena, &copy, column);
    if (copy.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK && !read_check_expr(&quiet, &copy, &check_expr))
        return;
    struct constraint_def *def = sql_constraint_define(s->reader->arena, &copy, check_expr, NULL, &fault);
    if (def)
        ARENA_PUSH(s->reader->arena, table->constraints, table->n_constraints, def);
}

static void add_column(const struct read_statement *s, struct table_def *table,
                       const PgQuery__ColumnDef *column)
{
    struct column_def def = {.name = column->colname, .type = type_of(s, column->type_name)};
    def.own_sequence = read_is_serial(column->type_name);
    for (size_t i = 0; i < column->n_constraints; i++) {
        const PgQuery__Constraint *constraint = column->constraints[i]->constraint;
        switch (constraint->contype) {
        case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: def.not_null = true; break;
        case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT: def.has_default = true; break;
        case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY: def.own_sequence = true; break;
        case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED: def.generated = true; break;
        case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
        case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: add_constraint(s, table, constraint, def.name); break;
        default: break;
        }
    }
    def.not_null = def.not_null || def.own_sequence;
    def.has_default = def.has_default || def.own_sequence || def.generated;
    ARENA_PUSH(s->reader->arena, table->columns, table->n_columns, def);
}

static void demand_primary_key(struct table_def *table)
{
    for (size_t c = 0; c < table->n_constraints; c++) {
        const struct constraint_def *def = table->constraints[c];
        for (size_t k = 0; def->kind == CONSTRAINT_PRIMARY_KEY && k < def->n_columns; k++)
            for (size_t i = 0; i < table->n_columns; i++)
                if (strcmp(table->columns[i].name, def->columns[k]) == 0)
                    table->columns[i].not_null = true;
    }
}

struct table_def *read_table_def(const struct read_statement *s, const PgQuery__CreateStmt *create)
{
    struct table_def *table = arena_alloc(s->reader->arena, sizeof *table);
    *table = (struct table_def){0};
    for (size_t i = 0; i < create->n_table_elts; i++) {
        const PgQuery__Node *element = create->table_elts[i];
        if (element->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
            add_column(s, table, element->column_def);
        else if (element->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
                 element->constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION)
            add_constraint(s, table, element->constraint, NULL);
        else if (element->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE)
            table->like = true;
    }
    demand_primary_key(table);
    return table;
}
