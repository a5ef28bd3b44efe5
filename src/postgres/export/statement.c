/* Statements that are run as they stand: those that may be run again as they are, and those that ask for what they make or drop. */
#include <string.h>

#include "postgres/export/export_internal.h"

const char *export_has_subject(const struct export *export, const struct change *change, size_t nth)
{
    const struct statement_def *def = change->statement;
    struct arena *arena = export->arena;
    const struct name name = def->subjects[nth].name;
    const char *text = export_name(export, name), *table = NULL;
    if (change->table.name)
        table = export_name(export, change->table);
    switch (def->object) {
    case OBJECT_VIEW:
    case OBJECT_MATERIALIZED_VIEW: return export_has_table(export, name);
    case OBJECT_FUNCTION:
        return def->signature ? pg_format(arena, "to_regprocedure(%L) IS NOT NULL",
                                          pg_format(arena, "%s%s", text, def->signature))
                              : NULL;
    case OBJECT_TRIGGER:
        return table
                   ? pg_format(
                         arena,
                         "EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass(%L) AND tgname = %L)",
                         table, name.name)
                   : NULL;
    case OBJECT_POLICY:
        return table
                   ? pg_format(
                         arena,
                         "EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = to_regclass(%L) AND polname = %L)",
                         table, name.name)
                   : NULL;
    case OBJECT_STATISTICS:
        return pg_format(
            arena,
            "EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxname = %L AND stxnamespace = "
            "COALESCE(to_regnamespace(%L), current_schema()::regnamespace))",
            name.name, name.schema);
    case OBJECT_PUBLICATION:
        return pg_format(arena, "EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = %L)",
                         name.name);
    case OBJECT_SCHEMA:
        return pg_format(arena, "to_regnamespace(%L) IS NOT NULL", pg_format(arena, "%I", name.name));
    case OBJECT_EXTENSION:
        return pg_format(arena, "EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = %L)", name.name);
    default: return NULL;
    }
}

static bool cannot_tell(const struct export *export, const struct change *change, struct error *err)
{
    return export_refuse(export, change, err, "whether %s has been run cannot be told",
                         change->statement->what);
}

/* What an ALTER TABLE says of a table, again as often as wanted. */
static void alter_table(const struct export *export, const struct change *change)
{
    const struct statement_def *def = change->statement;
    const char *sql = def->clause ? pg_format(export->arena, "ALTER TABLE %s %s",
                                              export_name(export, change->table), def->clause)
                                  : change->sql;
    export_one(export,
               change->column ? export_has_column(export, change->table, change->column)
                              : export_has_table(export, change->table),
               sql);
}

static bool may_be_repeated(const struct statement_def *def)
{
    return def->verb == VERB_REPLACE || (def->verb != VERB_ALTER && def->if_not) ||
           def->object == OBJECT_PRIVILEGE || strcmp(def->what, "GRANT") == 0 ||
           strcmp(def->what, "REVOKE") == 0 || strcmp(def->what, "ALTER DEFAULT PRIVILEGES") == 0;
}

/* Adds that a relation has its name still, and its columns theirs, where the file takes them away further down. */
static void add_kept(const struct export *export, const struct change *change,
                     const struct statement_mention *mention, struct text *kept)
{
    for (const struct change *later = change + 1; later <= export_last(export); later++) {
        bool column = later->kind == CHANGE_RENAME_COLUMN || later->kind == CHANGE_DROP_COLUMN;
        bool table = later->kind == CHANGE_RENAME_TABLE || later->kind == CHANGE_DROP_TABLE ||
                     later->kind == CHANGE_RENAME_SEQUENCE || later->kind == CHANGE_DROP_SEQUENCE;
        if ((!column && !table) || strcmp(later->table.name, mention->name.name) != 0)
            continue;
        text_printf(kept, "%s%s", kept->length ? " AND " : "",
                    column ? export_has_column(export, mention->name, later->column)
                           : export_has_table(export, mention->name));
    }
}

/* A statement that says the same again, unless what it speaks of is called otherwise by then: then it has been run. */
static void repeat(const struct export *export, const struct change *change)
{
    const struct statement_def *def = change->statement;
    SEGUE_CLEANUP(text_free) struct text kept = {0};
    for (size_t i = 0; i < def->n_subjects; i++)
        add_kept(export, change, &def->subjects[i], &kept);
    for (size_t i = 0; i < def->n_mentions; i++)
        add_kept(export, change, &def->mentions[i], &kept);
    if (kept.length)
        export_one(export, text_string(&kept), change->sql);
    else
        export_plain(export, change->sql);
}

bool export_statement(const struct export *export, const struct change *change, struct error *err)
{
    const struct statement_def *def = change->statement;
    const char *there = def->n_subjects == 1 ? export_has_subject(export, change, 0) : NULL;
    if (def->verb == VERB_DROP && def->if_not) {
        export_drop(export, "true", change->sql);
    } else if (def->object == OBJECT_TABLE) {
        alter_table(export, change);
    } else if (may_be_repeated(def)) {
        repeat(export, change);
    } else if (there && def->verb == VERB_CREATE) {
        /* Of a trigger or policy: once its table has another name, it was there. */
        const char *on = change->table.name
                             ? pg_format(export->arena, "%s AND ", export_has_table(export, change->table))
                             : "";
        export_one(export, pg_format(export->arena, "%sNOT (%s)", on, there), change->sql);
    } else if (there && def->verb == VERB_DROP) {
        export_drop(export, there, change->sql);
    } else {
        return cannot_tell(export, change, err);
    }
    return true;
}
