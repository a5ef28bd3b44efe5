/*
 * Two columns are one when the views of both versions show the same column of the same table; where a version has a column of its own under the old name, the values of that are
 * what the migration makes of it, and the name is the same. How segue made the views is not asked: what they say is what statements meet.
 */

#include "postgres/names.h"

#include <string.h>

#include "base/compare.h"
#include "postgres/array.h"
#include "postgres/parse.h"
#include "postgres/parse_tree.h"
#include "sql.h"

struct shown_column {
    const char *name;
    const char *of; /* the table's column; NULL: what is made of several */
};

struct shown {
    const char *name, *table;
    struct shown_column *columns;
    size_t n;
};

struct shown_list {
    struct shown *list;
    size_t n;
};

/* What will be generated is a CASE of the same column in each branch. */
static const char *column_of(const PgQuery__Node *value)
{
    if (value->node_case == PG_QUERY__NODE__NODE_CASE_EXPR && value->case_expr->defresult)
        value = value->case_expr->defresult;
    if (value->node_case != PG_QUERY__NODE__NODE_COLUMN_REF)
        return NULL;
    return parse_string(value->column_ref->fields[value->column_ref->n_fields - 1]);
}

/* False: it is no view that shows columns of a table. */
static bool read_definition(struct arena *arena, const char *definition, struct shown *out)
{
    PgQuery__Node *tree;
    struct parse_fault fault;
    if (!parse_statement(arena, definition, &tree, &fault) ||
        tree->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return false;
    const PgQuery__SelectStmt *select = tree->select_stmt;
    for (size_t i = 0; i < select->n_target_list; i++) {
        const PgQuery__ResTarget *target = select->target_list[i]->res_target;
        const struct shown_column column = {.of = column_of(target->val),
                                            .name = parse_given(target->name) ? target->name
                                                                              : column_of(target->val)};
        if (!column.name)
            return false;
        ARENA_PUSH(arena, out->columns, out->n, column);
    }
    return select->n_from_clause == 1;
}

static bool read_version(struct session *session, const char *version, struct arena *arena,
                         struct shown_list *out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_compare_views, 1, &version, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct shown shown = {.name = arena_strdup(arena, rows_get(rows, i, 0)),
                              .table = arena_strdup(arena, rows_get(rows, i, 1))};
        if (read_definition(arena, rows_get(rows, i, 2), &shown))
            ARENA_PUSH(arena, out->list, out->n, shown);
    }
    return true;
}

/* That of the same table, if there is one alone. */
static const struct shown *counterpart(const struct shown_list *list, const char *table)
{
    const struct shown *found = NULL;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->list[i].table, table) == 0) {
            found = &list->list[i];
            n++;
        }
    return n == 1 ? found : NULL;
}

static const struct shown_column *showing(const struct shown *shown, const char *of)
{
    for (size_t i = 0; of && i < shown->n; i++)
        if (same_text(shown->columns[i].of, of))
            return &shown->columns[i];
    return NULL;
}

static const struct shown_column *named(const struct shown *shown, const char *name)
{
    for (size_t i = 0; i < shown->n; i++)
        if (strcmp(shown->columns[i].name, name) == 0)
            return &shown->columns[i];
    return NULL;
}

static const char *new_name(const struct shown *old, const struct shown *new,
                            const struct shown_column *column)
{
    const struct shown_column *to = showing(new, column->of);
    if (to)
        return to->name;
    to = named(new, column->name);
    return to && !showing(old, to->of) ? to->name : NULL;
}

static bool has_to(const struct named_relation *relation, const char *to)
{
    for (size_t i = 0; i < relation->n_columns; i++)
        if (same_text(relation->columns[i].to, to))
            return true;
    return false;
}

static struct named_relation pair(struct arena *arena, const struct shown *old, const struct shown *new,
                                  bool *differs)
{
    struct named_relation out = {.from = old->name, .to = new->name};
    *differs = strcmp(old->name, new->name) != 0;
    for (size_t i = 0; i < old->n; i++) {
        const struct named_column column = {old->columns[i].name, new_name(old, new, &old->columns[i])};
        *differs = *differs || !same_text(column.from, column.to);
        ARENA_PUSH(arena, out.columns, out.n_columns, column);
    }
    for (size_t i = 0; i < new->n; i++) {
        const struct named_column column = {NULL, new->columns[i].name};
        if (has_to(&out, column.to))
            continue;
        *differs = true;
        ARENA_PUSH(arena, out.columns, out.n_columns, column);
    }
    return out;
}

static void add_differing(const struct name_map *map, struct text *names)
{
    for (size_t i = 0; i < map->n_relations; i++)
        for (size_t k = 0; k < map->relations[i].n_columns; k++) {
            const struct named_column *column = &map->relations[i].columns[k];
            if (same_text(column->from, column->to))
                continue;
            if (column->from)
                pg_array_add(names, column->from);
            if (column->to)
                pg_array_add(names, column->to);
        }
}

/* Names that differ are looked for in all other relations, so that it is known what else they may mean. */
static bool read_others(struct session *session, struct arena *arena, struct name_map *map, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    add_differing(map, &names);
    const char *values[] = {pg_array_end(&names)};
    if (!session_query(session, sql_compare_holders, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct named_other other = {.schema = arena_strdup(arena, rows_get(rows, i, 0)),
                                          .relation = arena_strdup(arena, rows_get(rows, i, 1)),
                                          .column = arena_strdup(arena, rows_get(rows, i, 2))};
        ARENA_PUSH(arena, map->others, map->n_others, other);
    }
    return true;
}

bool pg_read_names(const struct compared_versions *versions, struct arena *arena, struct name_map *out,
                   struct error *err)
{
    struct shown_list old = {0}, new = {0};
    *out = (struct name_map){0};
    if (!read_version(versions->old, versions->old_version, arena, &old, err) ||
        !read_version(versions->new, versions->new_version, arena, &new, err))
        return false;
    for (size_t i = 0; i < old.n; i++) {
        const struct shown *to = counterpart(&new, old.list[i].table);
        bool differs = false;
        if (!to || !counterpart(&old, old.list[i].table))
            continue;
        const struct named_relation relation = pair(arena, &old.list[i], to, &differs);
        if (differs)
            ARENA_PUSH(arena, out->relations, out->n_relations, relation);
    }
    return out->n_relations == 0 || read_others(versions->old, arena, out, err);
}
