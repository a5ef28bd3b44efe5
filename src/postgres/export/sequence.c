/* A sequence that a column of the old version gets begins at its start: where there are rows, it must go on behind their numbers. */
#include <string.h>

#include "postgres/export/export_internal.h"

static bool gets_sequence(const struct change *change)
{
    return change->kind == CHANGE_ADD_IDENTITY ||
           (change->kind == CHANGE_SET_DEFAULT && strstr(change->expr, "nextval("));
}

void export_sequences(const struct export *export)
{
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *change = &export->migration->changes[i];
        if (!gets_sequence(change))
            continue;
        struct name table = change->table;
        const char *column = export_last_column(export, change, change->column);
        export_follow(change, export_last(export), &table);
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
