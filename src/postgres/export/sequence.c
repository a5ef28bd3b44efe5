/* A sequence that a column of the old version gets begins at its start: where there are rows, it must go on behind their numbers. */
#include <string.h>

#include "postgres/export/export_internal.h"

static bool gets_sequence(const struct change *change)
{
    return change->kind == CHANGE_ADD_IDENTITY ||
           (change->kind == CHANGE_SET_DEFAULT && strstr(change->expr, "nextval("));
}

/* The names that table and column have in the end. */
static void follow(const struct export *export, const struct change *from, struct name *table,
                   const char **column)
{
    const struct change *end = export->migration->changes + export->migration->n_changes;
    *table = from->table;
    *column = from->column;
    for (const struct change *change = from + 1; change < end; change++) {
        if (!change->table.name || strcmp(change->table.name, table->name) != 0)
            continue;
        if (change->kind == CHANGE_RENAME_TABLE)
            table->name = change->new_name;
        if (change->kind == CHANGE_RENAME_COLUMN && strcmp(change->column, *column) == 0)
            *column = change->new_name;
    }
}

void export_sequences(const struct export *export)
{
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *change = &export->migration->changes[i];
        struct name table;
        const char *column;
        if (!gets_sequence(change))
            continue;
        follow(export, change, &table, &column);
        const char *name = export_name(export, table);
        pg_append(export->out,
                  "\nDO $segue$\nDECLARE\n    sequence text;\n    highest bigint;\nBEGIN\n    IF %s THEN\n"
                  "        sequence := pg_get_serial_sequence(%L, %L);\n"
                  "        EXECUTE %L INTO highest;\n"
                  "        PERFORM setval(sequence, greatest(highest, nextval(sequence)))\n"
                  "        WHERE sequence IS NOT NULL AND highest IS NOT NULL;\n"
                  "    END IF;\nEND\n$segue$;\n",
                  export_has_column(export, table, column), name, column,
                  pg_format(export->arena, "SELECT max(%I) FROM %s", column, name));
    }
}
