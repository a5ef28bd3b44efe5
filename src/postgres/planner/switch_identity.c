/* The switch: identity columns that are replaced. Two columns cannot share a sequence: the new column gets one under an interim
 * name, which goes on where the old one is, and takes its name when that is gone. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"

static const struct catalog_sequence *identity_of(struct switch_acts *acts, const struct model_table *table,
                                                  const struct model_column *column)
{
    if (!model_column_replaced(column) || column->dropped || !column->origin->identity)
        return NULL;
    return catalog_sequence_of(acts->steps->model->catalog, table->origin, column->origin);
}

static const char *interim_name(struct switch_acts *acts, const char *sequence)
{
    return pg_object_name(acts->steps->arena, "_segue", sequence, NULL);
}

const char *switch_type_bound(const char *type, const char *bound, const char *new_type)
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

void switch_carry_sequence(struct switch_acts *acts, const struct catalog_sequence *from, const char *to)
{
    struct arena *arena = acts->steps->arena;
    const char *name = pg_format(arena, "%Q", acts->steps->model->catalog->schema, from->name);
    /* Says what it is already: the lock keeps nextval out until the end. */
    switch_act(acts, pg_format(arena, "ALTER SEQUENCE %s CACHE %s", name, from->cache));
    switch_act(acts,
               pg_format(arena,
                         "DO $segue$ BEGIN PERFORM pg_catalog.setval(%L::pg_catalog.regclass, last_value, "
                         "is_called) FROM %s; END $segue$",
                         to, name));
}

void switch_take_identity(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        const struct catalog_sequence *old = identity_of(acts, table, column);
        if (!old)
            continue;
        const char *interim =
            pg_format(arena, "%Q", acts->steps->model->catalog->schema, interim_name(acts, old->name));
        switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I SET NOT NULL", column->physical));
        switch_alter(acts, table,
                     pg_format(arena,
                               "ALTER COLUMN %I ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s START %s "
                               "INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s)",
                               column->physical, column->origin->identity_always ? "ALWAYS" : "BY DEFAULT",
                               interim, old->start, old->increment,
                               switch_type_bound(old->type, old->min, column->type),
                               switch_type_bound(old->type, old->max, column->type), old->cache,
                               old->cycle ? " CYCLE" : ""));
        switch_carry_sequence(acts, old, interim);
    }
}

void switch_name_identity(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    const char *schema = acts->steps->model->catalog->schema;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct catalog_sequence *old = identity_of(acts, table, &table->columns[i]);
        if (!old)
            continue;
        const char *name = pg_format(arena, "%Q", schema, old->name);
        switch_act(acts, pg_format(arena, "ALTER SEQUENCE %Q RENAME TO %I", schema,
                                   interim_name(acts, old->name), old->name));
        for (size_t k = 0; k < old->n_grants; k++) {
            const char *to = strstr(old->grants[k], " TO ");
            if (to)
                switch_act(acts,
                           pg_format(arena, "GRANT %s ON SEQUENCE %s%s",
                                     arena_strndup(arena, old->grants[k], (size_t)(to - old->grants[k])),
                                     name, to));
        }
        if (old->comment)
            switch_act(acts, pg_format(arena, "COMMENT ON SEQUENCE %s IS %L", name, old->comment));
    }
}
