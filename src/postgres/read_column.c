/* ADD COLUMN: the column, and what stands behind it as constraints of their own. */
#include <string.h>

#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

void read_push(const struct read_statement *s, struct read_list *list, enum read_pass pass,
               const struct change *change)
{
    struct read_pending pending = {.pass = pass, .change = *change};
    ARENA_PUSH(s->reader->arena, list->list, list->n, pending);
}

/* The integer type of a serial one, or NULL. */
static const char *serial_type(const PgQuery__TypeName *type)
{
    static const char *const names[][2] = {
        {"smallserial", "smallint"}, {"serial2", "smallint"}, {"serial", "integer"},
        {"serial4", "integer"},      {"bigserial", "bigint"}, {"serial8", "bigint"},
    };
    const char *name = type->n_names == 1 && !type->n_array_bounds ? parse_string(type->names[0]) : NULL;
    for (size_t i = 0; name && i < SEGUE_COUNT(names); i++) {
        if (strcmp(name, names[i][0]) == 0)
            return names[i][1];
    }
    return NULL;
}

bool read_is_serial(const PgQuery__TypeName *type)
{
    return serial_type(type) != NULL;
}

/* A serial column is NOT NULL with a sequence of its own. */
static bool read_column_type(const struct read_statement *s, const PgQuery__ColumnDef *column,
                             struct change *add)
{
    add->type = serial_type(column->type_name);
    if (!add->type)
        return read_type(s, column->type_name, &add->type);
    add->not_null = true;
    return read_sequence_options(s, NULL, 0, 0, &add->sequence);
}

static bool check_column(const struct read_statement *s, const PgQuery__ColumnDef *column)
{
    size_t place = (size_t)column->location;
    if (parse_given(column->compression) || parse_given(column->storage))
        return read_refuse(s, place, "ADD COLUMN with STORAGE or COMPRESSION", NULL);
    if (column->n_fdwoptions)
        return read_refuse(s, place, "ADD COLUMN with OPTIONS", NULL);
    return true;
}

/* The token at which a column's clause ends: where the next one begins, or with the command. */
static size_t clause_end(const struct read_statement *s, const PgQuery__ColumnDef *column, int location,
                         struct read_slice slice)
{
    size_t end = slice.last;
    for (size_t i = 0; i < column->n_constraints; i++) {
        int other = column->constraints[i]->constraint->location;
        size_t token = parse_token_at(&s->text, (size_t)other);
        if (other > location && token < end)
            end = token;
    }
    if (column->coll_clause && column->coll_clause->location > location) {
        size_t token = parse_token_at(&s->text, (size_t)column->coll_clause->location);
        end = token < end ? token : end;
    }
    return end;
}

static bool read_default(const struct read_statement *s, const PgQuery__ColumnDef *column,
                         const PgQuery__Constraint *constraint, struct read_slice slice, struct change *add)
{
    size_t first = parse_token_at(&s->text, (size_t)constraint->location);
    /* [CONSTRAINT name] DEFAULT */
    first += parse_token_is(&s->text, first, "constraint") ? 3 : 1;
    if (add->expr || add->sequence)
        return read_fail(s, (size_t)constraint->location,
                         "multiple default values specified for column \"%s\"", column->colname);
    struct read_slice expr = {.first = first, .last = clause_end(s, column, constraint->location, slice)};
    return read_expr(s, expr, constraint->raw_expr, &add->expr);
}

/* [CONSTRAINT name] GENERATED ALWAYS AS (expression) STORED */
static bool read_generated(const struct read_statement *s, const PgQuery__Constraint *constraint,
                           struct change *add)
{
    size_t open = parse_token_at(&s->text, (size_t)constraint->location);
    while (open < s->text.n && !parse_token_is(&s->text, open, "("))
        open++;
    struct read_slice slice = {.first = open + 1, .last = parse_token_closing(&s->text, open)};
    return read_expr(s, slice, constraint->raw_expr, &add->generated);
}

/* What belongs to the column itself. *null: it said NULL. */
static bool read_attribute(const struct read_statement *s, const PgQuery__ColumnDef *column,
                           const PgQuery__Constraint *constraint, struct read_slice slice, struct change *add,
                           bool *null)
{
    size_t place = (size_t)constraint->location;
    switch (constraint->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL: *null = true; return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        add->not_null = true;
        add->not_null_name = parse_given(constraint->conname) ? constraint->conname : add->not_null_name;
        return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY: add->not_null = true; return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT: return read_default(s, column, constraint, slice, add);
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        add->not_null = true;
        if (add->sequence || add->expr)
            return read_fail(s, place, "column \"%s\" has both an identity and a default", column->colname);
        if (!read_sequence_options(s, constraint->options, constraint->n_options, place, &add->sequence))
            return false;
        add->sequence->identity = constraint->generated_when[0];
        return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED: return read_generated(s, constraint, add);
    default: return true;
    }
}

void read_name_key(struct arena *arena, PgQuery__Constraint *constraint, const char *column)
{
    PgQuery__Node **key = arena_alloc(arena, sizeof(PgQuery__Node *));
    *key = parse_string_node(arena, column);
    if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) {
        constraint->fk_attrs = key;
        constraint->n_fk_attrs = 1;
    } else if (constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
        constraint->keys = key;
        constraint->n_keys = 1;
    }
}

static bool is_constraint(const PgQuery__Constraint *constraint)
{
    switch (constraint->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: return true;
    default: return false;
    }
}

/* DEFERRABLE and its like are clauses of their own behind the constraint that they are about. */
static bool take_attributes(const struct read_statement *s, const PgQuery__ColumnDef *column, size_t i,
                            PgQuery__Constraint *constraint)
{
    bool can = constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK;
    for (i++; i < column->n_constraints; i++) {
        const PgQuery__Constraint *next = column->constraints[i]->constraint;
        bool deferrable = next->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE;
        bool deferred = next->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED;
        bool plain = next->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE ||
                     next->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE;
        if (!deferrable && !deferred && !plain)
            return true;
        if (!can)
            return read_fail(s, (size_t)next->location, "a CHECK constraint cannot be deferred");
        constraint->deferrable = constraint->deferrable || deferrable || deferred;
        constraint->initdeferred = constraint->initdeferred || deferred;
    }
    return true;
}

static bool read_constraints(const struct read_statement *s, const PgQuery__ColumnDef *column,
                             const struct change *change, struct read_list *list)
{
    for (size_t i = 0; i < column->n_constraints; i++) {
        PgQuery__Constraint constraint = *column->constraints[i]->constraint;
        if (!is_constraint(&constraint))
            continue;
        read_name_key(s->reader->arena, &constraint, column->colname);
        struct change add = read_begin(s, CHANGE_ADD_CONSTRAINT, (size_t)constraint.location);
        add.table = change->table;
        if (!take_attributes(s, column, i, &constraint) || !read_add_constraint(s, &constraint, &add, list))
            return false;
    }
    return true;
}

bool read_add_column(const struct read_statement *s, const PgQuery__ColumnDef *column,
                     struct read_slice slice, const struct change *change, struct read_list *list)
{
    struct change add = *change;
    bool null = false;
    add.column = column->colname;
    add.collation = read_collation(s, column->coll_clause);
    if (!check_column(s, column) || !read_column_type(s, column, &add))
        return false;
    for (size_t i = 0; i < column->n_constraints; i++) {
        if (!read_attribute(s, column, column->constraints[i]->constraint, slice, &add, &null))
            return false;
    }
    if (null && add.not_null)
        return read_fail(s, (size_t)column->location,
                         "conflicting NULL/NOT NULL declarations for column \"%s\"", column->colname);
    read_push(s, list, PASS_ADD_COLUMN, &add);
    return read_constraints(s, column, change, list);
}

static enum read_pass pass_of(const struct constraint_def *def)
{
    if (def->kind == CONSTRAINT_UNIQUE || def->kind == CONSTRAINT_PRIMARY_KEY ||
        def->kind == CONSTRAINT_EXCLUSION)
        return def->using_index ? PASS_USING_INDEX : PASS_INDEX;
    return PASS_OTHER;
}

/* EXCLUDE … up to the end of the command: the server's tree of it cannot be printed again. */
static const char *exclusion_text(const struct read_statement *s, const PgQuery__Constraint *constraint)
{
    struct sql_edits none = {0};
    size_t first = parse_token_at(&s->text, (size_t)constraint->location);
    if (parse_given(constraint->conname))
        first += 2; /* CONSTRAINT name */
    size_t last = first;
    while (last < s->text.n && !parse_token_is(&s->text, last, ",")) {
        bool opens = parse_token_is(&s->text, last, "(");
        last = opens ? parse_token_closing(&s->text, last) + 1 : last + 1;
    }
    return sql_edit_print(s->reader->arena, &s->text, first, last, &none);
}

bool read_add_constraint(const struct read_statement *s, const PgQuery__Constraint *constraint,
                         const struct change *change, struct read_list *list)
{
    struct change add = *change;
    struct parse_fault fault;
    const char *text = NULL;
    if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION)
        text = exclusion_text(s, constraint);
    if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK && !read_check_expr(s, constraint, &text))
        return false;
    add.constraint = sql_constraint_define(s->reader->arena, constraint, text, change->table.name, &fault);
    if (!add.constraint)
        return read_fail(s, (size_t)constraint->location, "%s", fault.message);
    read_push(s, list, pass_of(add.constraint), &add);
    return true;
}
