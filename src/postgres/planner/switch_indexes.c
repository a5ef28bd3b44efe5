/* The switch: indexes get their names, and so do their columns. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"

void switch_finish_indexes(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    const char *schema = acts->steps->model->catalog->schema;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (index->dropped || (index->origin && index->origin->constraint))
            continue;
        if (index->remade) {
            switch_exclusive(acts, table, index->remade);
            continue;
        }
        const char *present = index->origin && !steps_index_made(table, index)
                                  ? index->origin->name
                                  : steps_index_interim(acts->steps, table, index);
        if (strcmp(present, index->name) != 0)
            switch_index(acts, table, present,
                         pg_format(arena, "ALTER INDEX %Q RENAME TO %I", schema, present, index->name));
        if (index->origin && steps_index_copied(table, index) && index->origin->comment && !index->comment)
            switch_index(
                acts, table, index->name,
                pg_format(arena, "COMMENT ON INDEX %Q IS %L", schema, index->name, index->origin->comment));
    }
}

/* The columns of an index keep the name that the table's column had when it was built. Nothing reads it, but \\d shows it. Another
 * one of the index may have kept the very name: then a number is put behind it, as the server does. Renaming a column of a
 * partitioned index renames those of its parts. */
void switch_name_index_columns(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    bool any = false;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && !column->dropped)
            pg_append(&names, "%s(%L, %L)", names.length ? ", " : "", column->physical, column->name);
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        char kind = model_constraint_kind(constraint);
        bool indexed = kind == 'u' || kind == 'p' || kind == 'x';
        any = any || (indexed && !constraint->remade && steps_constraint_made(table, constraint) &&
                      constraint_on_hidden(table, constraint));
    }
    for (size_t i = 0; i < table->n_indexes; i++)
        any = any || (!table->indexes[i].remade && steps_index_made(table, &table->indexes[i]) &&
                      index_on_hidden(table, &table->indexes[i]));
    if (!any)
        return;
    switch_exclusive(
        acts, table,
        pg_format(
            arena,
            "DO $segue$ DECLARE r record; BEGIN FOR r IN WITH RECURSIVE family AS (SELECT %L::pg_catalog.regclass::oid AS "
            "relid UNION SELECT c.inhrelid FROM family f JOIN pg_catalog.pg_inherits c ON c.inhparent = f.relid) SELECT "
            "i.indexrelid::pg_catalog.regclass AS index, h.hidden, h.name FROM family f JOIN pg_catalog.pg_index i ON "
            "i.indrelid = f.relid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_attribute a ON "
            "a.attrelid = i.indexrelid JOIN (VALUES %s) AS h (hidden, name) ON h.hidden = a.attname ORDER BY "
            "c.relkind, c.oid LOOP IF EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = r.index AND "
            "attname = r.hidden) THEN EXECUTE pg_catalog.format('ALTER TABLE %%s RENAME COLUMN %%I TO %%I', r.index, "
            "r.hidden, (SELECT n.name FROM (SELECT r.name::text, 0 AS i UNION ALL SELECT CASE WHEN "
            "pg_catalog.octet_length(r.name) < 62 THEN r.name ELSE pg_catalog.left(r.name, 15) END || i, i FROM "
            "pg_catalog.generate_series(1, 32) AS i) AS n WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute "
            "WHERE attrelid = r.index AND attname = n.name) ORDER BY n.i LIMIT 1)); END IF; END LOOP; END "
            "$segue$",
            table->real, names.data));
}
