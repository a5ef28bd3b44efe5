/*
 * The switch: what numbers a column. Two columns cannot share an identity's sequence: the column that stays gets one under an interim
 * name, which goes on where the one before it is, and takes its name when that is gone. No number is handed out twice.
 */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/not_null.h"
#include "postgres/planner/sequence.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"

static const char *in_schema(struct switch_acts *acts, const char *name)
{
    return pg_format(acts->steps->arena, "%Q", acts->steps->model->catalog->schema, name);
}

static const char *interim_identity(struct switch_acts *acts, const char *sequence)
{
    return pg_interim_name(acts->steps->arena, "_segue_identity", sequence);
}

/* A bound that is the type's own follows the type. */
static const char *type_bound(const char *type, const char *bound, const char *new_type)
{
    static const char *const bounds[][3] = {
        {"smallint", "-32768", "32767"},
        {"integer", "-2147483648", "2147483647"},
        {"bigint", "-9223372036854775808", "9223372036854775807"},
    };
    size_t from = SEGUE_COUNT(bounds), to = SEGUE_COUNT(bounds);
    for (size_t i = 0; i < SEGUE_COUNT(bounds); i++) {
        from = strcmp(bounds[i][0], type) == 0 ? i : from;
        to = strcmp(bounds[i][0], new_type) == 0 ? i : to;
    }
    for (size_t k = 1; from < SEGUE_COUNT(bounds) && to < SEGUE_COUNT(bounds) && k < 3; k++) {
        if (strcmp(bounds[from][k], bound) == 0)
            return bounds[to][k];
    }
    return bound;
}

/* Lets a sequence go on where another is. The first act changes nothing, but its lock keeps nextval out until the end. */
static void carry(struct switch_acts *acts, const char *from, const char *same, const char *to)
{
    struct arena *arena = acts->steps->arena;
    switch_act(acts, pg_format(arena, "ALTER SEQUENCE %s %s", from, same));
    switch_act(
        acts, pg_format(arena,
                        "DO $segue$ BEGIN PERFORM pg_catalog.setval(%L::pg_catalog.regclass, f.last_value, "
                        "f.is_called) FROM %s f, pg_catalog.pg_sequence o WHERE o.seqrelid = "
                        "%L::pg_catalog.regclass AND f.last_value BETWEEN o.seqmin AND o.seqmax; END $segue$",
                        to, from, to));
}

static void carry_old(struct switch_acts *acts, const struct catalog_sequence *from, const char *to)
{
    carry(acts, in_schema(acts, from->name), pg_format(acts->steps->arena, "CACHE %s", from->cache), to);
}

/* Whether some index finds the greatest value of a column at once. */
static bool has_top(const struct model_table *table, const struct model_column *column)
{
    for (size_t i = 0; column->origin && i < table->n_indexes; i++) {
        const struct catalog_index *index = table->indexes[i].origin;
        if (index && index->walkable && index->keys[0] == column->origin->number && !column_leaves(column))
            return true;
    }
    return false;
}

static const char *identity_options(struct switch_acts *acts, const struct model_column *column,
                                    const struct catalog_sequence *old)
{
    struct arena *arena = acts->steps->arena;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!column->identity_def)
        return arena_printf(arena, " START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s", old->start,
                            old->increment, type_bound(old->type, old->min, column->type),
                            type_bound(old->type, old->max, column->type), old->cache,
                            old->cycle ? " CYCLE" : "");
    for (size_t i = 0; i < column->identity_def->n_clauses; i++)
        text_printf(&out, " %s", column->identity_def->clauses[i]);
    return arena_strdup(arena, text_string(&out));
}

static void make_identity(struct switch_acts *acts, const struct model_table *table,
                          const struct model_column *column, const struct model_sequence *sequence)
{
    struct arena *arena = acts->steps->arena;
    const struct catalog_sequence *old = model_old_sequence(acts->steps->model, table, column);
    const char *interim = in_schema(acts, interim_identity(acts, sequence->name));
    const char *name = column->physical;
    bool has_default =
        column->hidden ? column->number_function != NULL : column->origin->default_expr != NULL;
    if (has_default)
        switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I DROP DEFAULT", name));
    switch_alter(
        acts, table,
        not_null_clause(acts->steps->model, column, name, not_null_interim(acts->steps->model, column)));
    switch_alter(acts, table,
                 pg_format(arena, "ALTER COLUMN %I ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s%s)", name,
                           column->identity == 'a' ? "ALWAYS" : "BY DEFAULT", interim,
                           identity_options(acts, column, old)));
    if (old) {
        carry_old(acts, old, interim);
    } else if (column->number_function) {
        const char *present = in_schema(acts, sequence->present);
        carry(acts, present, "OWNED BY NONE", interim);
        switch_act(acts, pg_format(arena, "DROP SEQUENCE %s", present));
        if (has_top(table, column))
            switch_act(acts, sequence_raise(acts->steps->model, table, name, interim));
    }
}

/* What the new version's sequence takes over from the old one's, while both are there. */
static void take_over(struct switch_acts *acts, const struct model_table *table,
                      const struct model_column *column)
{
    struct arena *arena = acts->steps->arena;
    const struct model *model = acts->steps->model;
    const struct catalog_sequence *old = model_old_sequence(model, table, column);
    const struct model_sequence *sequence = model_new_sequence(model, table, column);
    if (sequence && sequence_remakes_identity(column)) {
        make_identity(acts, table, column, sequence);
        return;
    }
    if (sequence && !sequence->origin && old)
        carry_old(acts, old, in_schema(acts, sequence->present));
    else if (sequence && !sequence->origin && column->number_function && has_top(table, column))
        switch_act(acts, sequence_raise(acts->steps->model, table, column->physical,
                                        in_schema(acts, sequence->present)));
    if (!column->origin || column->hidden)
        return;
    if (column->origin->identity && !column->identity)
        switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I DROP IDENTITY", column->physical));
    else if (old && column->default_changed)
        switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I DROP DEFAULT", column->physical));
}

void switch_take_sequences(struct switch_acts *acts, const struct model_table *table)
{
    const struct model *model = acts->steps->model;
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].dropped && !table->columns[i].inherited)
            take_over(acts, table, &table->columns[i]);
    }
    for (size_t i = 0; i < model->n_sequences; i++) {
        const struct model_sequence *sequence = &model->sequences[i];
        const struct catalog_sequence *origin = sequence->origin;
        if (sequence->dropped || !origin || origin->identity || !origin->table || sequence->owner_changed ||
            strcmp(origin->table, table->origin->name) != 0)
            continue;
        const struct model_column *column = model_column_number(table, origin->column);
        if (column && model_column_replaced(column))
            switch_act(acts, pg_format(acts->steps->arena, "ALTER SEQUENCE %s OWNED BY %s.%I",
                                       in_schema(acts, origin->name), table->real, column->physical));
    }
}

/* What GRANT and COMMENT gave the identity's sequence before. */
static void keep_rights(struct switch_acts *acts, const struct catalog_sequence *old, const char *name)
{
    struct arena *arena = acts->steps->arena;
    for (size_t k = 0; k < old->n_grants; k++) {
        const char *to = strstr(old->grants[k], " TO ");
        if (to)
            switch_act(acts, pg_format(arena, "GRANT %s ON SEQUENCE %s%s",
                                       arena_strndup(arena, old->grants[k], (size_t)(to - old->grants[k])),
                                       name, to));
    }
    if (old->comment)
        switch_act(acts, pg_format(arena, "COMMENT ON SEQUENCE %s IS %L", name, old->comment));
}

static void name_identity(struct switch_acts *acts, const struct model_table *table,
                          const struct model_column *column)
{
    const struct model_sequence *sequence = model_new_sequence(acts->steps->model, table, column);
    if (!sequence || !sequence_remakes_identity(column))
        return;
    switch_act(acts, pg_format(acts->steps->arena, "ALTER SEQUENCE %s RENAME TO %I",
                               in_schema(acts, interim_identity(acts, sequence->name)), sequence->name));
    if (sequence->origin)
        keep_rights(acts, sequence->origin, in_schema(acts, sequence->name));
}

static void name_sequence(struct switch_acts *acts, const struct model_table *table,
                          const struct model_sequence *sequence)
{
    struct arena *arena = acts->steps->arena;
    if (sequence->identity)
        return;
    if (strcmp(sequence->present, sequence->name) != 0)
        switch_act(acts, pg_format(arena, "ALTER SEQUENCE %s RENAME TO %I",
                                   in_schema(acts, sequence->present), sequence->name));
    const char *name = in_schema(acts, sequence->name);
    if (sequence->owner_changed && sequence->owner_table)
        switch_act(acts, pg_format(arena, "ALTER SEQUENCE %s OWNED BY %s.%I", name, table->real,
                                   table->columns[sequence->owner_column].physical));
}

void switch_name_sequences(struct switch_acts *acts, const struct model_table *table)
{
    const struct model *model = acts->steps->model;
    for (size_t i = 0; i < model->n_sequences; i++) {
        const struct model_sequence *sequence = &model->sequences[i];
        if (sequence->dropped && sequence->origin && sequence_table(model, sequence) == table)
            switch_act(acts, pg_format(acts->steps->arena, "DROP SEQUENCE IF EXISTS %s",
                                       in_schema(acts, sequence->origin->name)));
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].dropped && !table->columns[i].inherited)
            name_identity(acts, table, &table->columns[i]);
    }
    for (size_t i = 0; i < model->n_sequences; i++) {
        if (!model->sequences[i].dropped && sequence_table(model, &model->sequences[i]) == table)
            name_sequence(acts, table, &model->sequences[i]);
    }
}

void switch_change_sequences(struct switch_acts *acts, const struct model_table *table)
{
    struct steps *steps = acts->steps;
    for (size_t i = 0; i < steps->model->n_sequences; i++) {
        const struct model_sequence *sequence = &steps->model->sequences[i];
        const char **statements = NULL;
        size_t n = 0;
        if (!sequence->origin || sequence_table(steps->model, sequence) != table)
            continue;
        sequence_changes(steps, sequence, &statements, &n);
        for (size_t k = 0; k < n; k++)
            switch_act(acts, statements[k]);
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        for (size_t k = 0; !column->dropped && k < column->n_identity_clauses; k++)
            switch_alter(
                acts, table,
                pg_format(steps->arena, "ALTER COLUMN %I %s", column->name, column->identity_clauses[k]));
    }
}
