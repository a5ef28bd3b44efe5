/*
 * Names of before. Without --drops what drops something is left out, the renames below it are not: whoever asks for the drops afterwards
 * has tables whose names the blocks above the renames do not know. So the script with drops first gives the old names back to what still
 * has something that is to go; from there on the database is as after a part of the file.
 */
#include <string.h>

#include "postgres/export/export_internal.h"

static bool is(struct name a, struct name b)
{
    return a.name && b.name && strcmp(a.name, b.name) == 0;
}

const struct change *export_last(const struct export *export)
{
    return export->migration->changes + export->migration->n_changes - 1;
}

void export_follow(const struct change *from, const struct change *to, struct name *table)
{
    for (const struct change *change = from + 1; change <= to; change++)
        if ((change->kind == CHANGE_RENAME_TABLE || change->kind == CHANGE_RENAME_TYPE) &&
            is(change->table, *table))
            table->name = change->new_name;
}

const char *export_last_column(const struct export *export, const struct change *from, const char *column)
{
    struct name table = from->table;
    for (const struct change *change = from; change < export_last(export); change++) {
        export_follow(change, change + 1, &table);
        if (change[1].kind == CHANGE_RENAME_COLUMN && is(change[1].table, table) &&
            strcmp(change[1].column, column) == 0)
            column = change[1].new_name;
    }
    return column;
}

/* The condition that what the change drops is there still, under the names after `rename`; NULL: it drops nothing that hangs on a table or
 * domain. */
static const char *is_left(const struct export *export, const struct change *change,
                           const struct change *rename)
{
    struct change later = *change;
    struct name other = change->partition ? change->partition->other : (struct name){0};
    export_follow(change, rename, &later.table);
    export_follow(change, rename, &other);
    switch (change->kind) {
    case CHANGE_DROP_COLUMN: return export_has_column(export, later.table, change->column);
    case CHANGE_DROP_CONSTRAINT: return export_has_constraint(export, later.table, change->object);
    case CHANGE_DOMAIN_DROP_CONSTRAINT:
        return export_has_domain_constraint(export, later.table, change->object);
    case CHANGE_DETACH_PARTITION: return export_has_parent(export, other, later.table);
    case CHANGE_NO_INHERIT: return export_has_parent(export, later.table, other);
    case CHANGE_STATEMENT:
        return change->table.name && change->statement->verb == VERB_DROP &&
                       change->statement->n_subjects == 1
                   ? export_has_subject(export, &later, 0)
                   : NULL;
    default: return NULL;
    }
}

/* What the change is about has, before the rename, the name that the rename takes. */
static bool is_of(const struct change *change, const struct change *rename)
{
    struct name table = change->table,
                other = change->partition ? change->partition->other : (struct name){0};
    export_follow(change, rename - 1, &table);
    export_follow(change, rename - 1, &other);
    return is(table, rename->table) || is(other, rename->table);
}

static void take_back(const struct export *export, const struct change *rename, const char *left)
{
    struct arena *arena = export->arena;
    const struct name renamed = {rename->table.schema, rename->new_name};
    const char *before = export_name(export, rename->table), *after = export_name(export, renamed);
    if (rename->kind == CHANGE_RENAME_COLUMN)
        export_one(export,
                   pg_format(arena, "%s AND NOT %s AND (%s)",
                             export_has_column(export, rename->table, rename->new_name),
                             export_has_column(export, rename->table, rename->column), left),
                   pg_format(arena, "ALTER TABLE %s RENAME COLUMN %I TO %I", before, rename->new_name,
                             rename->column));
    else if (rename->kind == CHANGE_RENAME_TABLE)
        export_one(export,
                   pg_format(arena, "to_regclass(%L) IS NOT NULL AND to_regclass(%L) IS NULL AND (%s)", after,
                             before, left),
                   pg_format(arena, "ALTER TABLE %s RENAME TO %I", after, rename->table.name));
    else
        export_one(export,
                   pg_format(arena, "to_regtype(%L) IS NOT NULL AND to_regtype(%L) IS NULL AND (%s)", after,
                             before, left),
                   pg_format(arena, "ALTER DOMAIN %s RENAME TO %I", after, rename->table.name));
}

void export_names_of_before(const struct export *export)
{
    const struct change *changes = export->migration->changes;
    for (size_t i = export->drops ? export->migration->n_changes : 0; i > 0; i--) {
        const struct change *rename = &changes[i - 1];
        SEGUE_CLEANUP(text_free) struct text left = {0};
        if (rename->kind != CHANGE_RENAME_TABLE && rename->kind != CHANGE_RENAME_COLUMN &&
            rename->kind != CHANGE_RENAME_TYPE)
            continue;
        for (const struct change *change = changes; change < rename; change++) {
            const char *one = is_of(change, rename) ? is_left(export, change, rename) : NULL;
            if (one)
                text_printf(&left, "%s%s", left.length ? " OR " : "", one);
        }
        if (left.length)
            take_back(export, rename, text_string(&left));
    }
}
