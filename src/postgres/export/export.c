#include "postgres/export/export.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "migration/place.h"
#include "postgres/export/export_internal.h"

/* What the blocks ask. Functions of the session's own: nothing of them stays. */
static const char questions[] =
    "CREATE OR REPLACE FUNCTION pg_temp.segue_column(text, text) RETURNS boolean LANGUAGE sql AS $$\n"
    "    SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute\n"
    "                   WHERE attrelid = to_regclass($1) AND attname = $2 AND attnum > 0 AND NOT attisdropped) $$;\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_constraint(text, text) RETURNS boolean LANGUAGE sql AS $$\n"
    "    SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2) $$;\n"
    "-- a constraint of this kind over just these columns, whatever its name\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_key(text, \"char\", text[]) RETURNS boolean LANGUAGE sql AS $$\n"
    "    SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint k\n"
    "                   WHERE k.conrelid = to_regclass($1) AND k.contype = $2\n"
    "                     AND ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a\n"
    "                               WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) ORDER BY 1)\n"
    "                       = ARRAY(SELECT unnest($3) ORDER BY 1)) $$;\n"
    "-- as many indexes over just these columns, whatever their names\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_index(text, boolean, text[], bigint) RETURNS boolean LANGUAGE sql AS $$\n"
    "    SELECT $4 <= (SELECT count(*) FROM pg_catalog.pg_index x\n"
    "                   WHERE x.indrelid = to_regclass($1) AND x.indisunique = $2 AND x.indpred IS NULL\n"
    "                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid)\n"
    "                     AND ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY AS key (attnum, place)\n"
    "                               LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = key.attnum\n"
    "                               WHERE key.place <= x.indnkeyatts ORDER BY key.place) = $3) $$;\n"
    "-- a column's type and collation in words; and those that a column of this type would have\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_type_of(regclass, text) RETURNS text LANGUAGE sql AS $$\n"
    "    SELECT format_type(atttypid, atttypmod) || ' ' || attcollation::regcollation\n"
    "    FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attname = $2 AND NOT attisdropped $$;\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_type(text) RETURNS text LANGUAGE plpgsql AS $$\n"
    "DECLARE words text;\n"
    "BEGIN\n"
    "    EXECUTE 'CREATE TEMPORARY TABLE segue_type (c ' || $1 || ')';\n"
    "    words := pg_temp.segue_type_of('pg_temp.segue_type'::regclass, 'c');\n"
    "    DROP TABLE pg_temp.segue_type;\n"
    "    RETURN words;\n"
    "END $$;\n";

/* How rows get their values: as segue start gives them, the application's triggers do not notice. */
static const char fill[] =
    "-- an UPDATE of a table for which the application's triggers do not fire\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_fill(text, text) RETURNS void LANGUAGE plpgsql AS $$\n"
    "DECLARE\n"
    "    off text[];\n"
    "    back text[];\n"
    "    one text;\n"
    "BEGIN\n"
    "    WITH RECURSIVE tables AS (\n"
    "        SELECT to_regclass($1)::oid AS oid\n"
    "        UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tables t ON i.inhparent = t.oid)\n"
    "    SELECT array_agg(format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', g.tgrelid::regclass, g.tgname)),\n"
    "           array_agg(format('ALTER TABLE ONLY %s ENABLE %s TRIGGER %I', g.tgrelid::regclass,\n"
    "                            CASE g.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, g.tgname))\n"
    "    INTO off, back\n"
    "    FROM tables t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid\n"
    "    WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND g.tgtype & 16 <> 0;\n"
    "    FOREACH one IN ARRAY COALESCE(off, '{}') LOOP EXECUTE one; END LOOP;\n"
    "    EXECUTE $2;\n"
    "    SET CONSTRAINTS ALL IMMEDIATE;\n"
    "    FOREACH one IN ARRAY COALESCE(back, '{}') LOOP EXECUTE one; END LOOP;\n"
    "END $$;\n";

static const char drop_key[] =
    "-- drops a key; foreign keys that rest on its index go over to the other one that there is\n"
    "CREATE OR REPLACE FUNCTION pg_temp.segue_drop_key(oid, text) RETURNS void LANGUAGE plpgsql AS $$\n"
    "DECLARE\n"
    "    off text[];\n"
    "    back text[];\n"
    "    one text;\n"
    "BEGIN\n"
    "    SELECT array_agg(format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)),\n"
    "           array_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)))\n"
    "    INTO off, back\n"
    "    FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conindid = $1 AND conparentid = 0;\n"
    "    FOREACH one IN ARRAY COALESCE(off, '{}') LOOP EXECUTE one; END LOOP;\n"
    "    EXECUTE $2;\n"
    "    FOREACH one IN ARRAY COALESCE(back, '{}') LOOP EXECUTE one; END LOOP;\n"
    "END $$;\n";

bool export_refuse(const struct export *export, const struct change *change, struct error *err,
                   const char *format, ...)
{
    char why[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    error_set(err, ERROR_REFUSED, "cannot be exported: %s", why);
    error_hint(err, "segue start carries the file out; or move that into a file of its own");
    return place_error(err, export->migration->path, change->place);
}

const char *export_name(const struct export *export, struct name name)
{
    return pg_format(export->arena, "%Q", name.schema, name.name);
}

const char *export_has_table(const struct export *export, struct name table)
{
    return pg_format(export->arena, "to_regclass(%L) IS NOT NULL", export_name(export, table));
}

const char *export_has_column(const struct export *export, struct name table, const char *column)
{
    return pg_format(export->arena, "pg_temp.segue_column(%L, %L)", export_name(export, table), column);
}

const char *export_has_constraint(const struct export *export, struct name table, const char *name)
{
    return pg_format(export->arena, "pg_temp.segue_constraint(%L, %L)", export_name(export, table), name);
}

const char *export_array(const struct export *export, const char *const *names, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text list = {0};
    for (size_t i = 0; i < n; i++)
        pg_append(&list, "%s%L", i ? ", " : "", names[i]);
    return pg_format(export->arena, "ARRAY[%s]::text[]", text_string(&list));
}

void export_plain(const struct export *export, const char *sql)
{
    text_printf(export->out, "\n%s;\n", sql);
}

const char *export_execute(const struct export *export, const char *sql)
{
    return pg_format(export->arena, "EXECUTE %L", sql);
}

const char *export_fill(const struct export *export, struct name table, const char *update)
{
    return pg_format(export->arena, "PERFORM pg_temp.segue_fill(%L, %L)", export_name(export, table), update);
}

void export_guarded(const struct export *export, const char *condition, const char *const *lines, size_t n)
{
    text_printf(export->out, "\nDO $segue$\nBEGIN\n    IF %s THEN\n", condition);
    for (size_t i = 0; i < n; i++)
        text_printf(export->out, "        %s;\n", lines[i]);
    text_append(export->out, "    END IF;\nEND\n$segue$;\n");
}

void export_one(const struct export *export, const char *condition, const char *statement)
{
    const char *line = export_execute(export, statement);
    export_guarded(export, condition, &line, 1);
}

void export_drop(const struct export *export, const char *condition, const char *statement)
{
    if (export->drops) {
        export_one(export, condition, statement);
        return;
    }
    text_append(export->out, "\n-- left out, as it drops something: ");
    for (; *statement; statement++)
        text_append_char(export->out, *statement == '\n' ? ' ' : *statement);
    text_append_char(export->out, '\n');
}

static bool export_change(const struct export *export, const struct change *change, struct error *err)
{
    switch (change->kind) {
    case CHANGE_ADD_COLUMN:
    case CHANGE_DROP_EXPRESSION:
    case CHANGE_DROP_COLUMN:
    case CHANGE_RENAME_COLUMN:
    case CHANGE_COLUMN_TYPE:
    case CHANGE_SET_NOT_NULL:
    case CHANGE_DROP_NOT_NULL:
    case CHANGE_SET_DEFAULT:
    case CHANGE_DROP_DEFAULT:
    case CHANGE_ADD_IDENTITY:
    case CHANGE_SET_IDENTITY:
    case CHANGE_DROP_IDENTITY: return export_column(export, change, err);
    case CHANGE_ADD_CONSTRAINT:
    case CHANGE_DROP_CONSTRAINT:
    case CHANGE_RENAME_CONSTRAINT:
    case CHANGE_CREATE_INDEX:
    case CHANGE_DROP_INDEX:
    case CHANGE_RENAME_INDEX: return export_key(export, change, err);
    case CHANGE_STATEMENT: return export_statement(export, change, err);
    case CHANGE_DATA_FIX:
        return export_refuse(export, change, err,
                             "whether rows of table \"%s\" have been changed cannot be told",
                             change->table.name);
    default: return export_object(export, change, err);
    }
}

static bool check_annotations(const struct export *export, struct error *err)
{
    for (size_t i = 0; i < export->migration->n_annotations; i++) {
        const struct annotation *annotation = &export->migration->annotations[i];
        if (annotation->kind != ANNOTATION_COPY && annotation->kind != ANNOTATION_BACK)
            continue;
        error_set(err, ERROR_REFUSED, "cannot be exported: rows move between tables");
        error_hint(err, "segue start carries the file out");
        return place_error(err, export->migration->path, annotation->place);
    }
    return true;
}

/* Values that nothing takes would be missing without a word. */
static bool check_used(const struct export *export, struct error *err)
{
    for (size_t i = 0; i < export->migration->n_annotations; i++) {
        const struct annotation *annotation = &export->migration->annotations[i];
        if (export->used[i] || (annotation->kind != ANNOTATION_UP && annotation->kind != ANNOTATION_EXISTING))
            continue;
        error_set(err, ERROR_REFUSED,
                  "cannot be exported: no change of the file takes the values of column \"%s\"",
                  annotation->column);
        error_hint(err, "segue start carries the file out; or leave the annotation out");
        return place_error(err, export->migration->path, annotation->place);
    }
    return true;
}

static bool check_tags(const struct export *export, struct error *err)
{
    for (size_t i = 0; i < export->migration->n_changes; i++)
        if (export->migration->changes[i].sql && strstr(export->migration->changes[i].sql, "$segue$"))
            return export_refuse(export, &export->migration->changes[i], err, "the file itself says $segue$");
    return true;
}

bool pg_export(struct arena *arena, const struct migration *migration, const char *schema, bool drops,
               struct text *out, struct error *err)
{
    const struct export export = {.arena = arena,
                                  .migration = migration,
                                  .drops = drops,
                                  .out = out,
                                  .used = arena_alloc(arena, (migration->n_annotations + 1) * sizeof(bool))};
    if (!check_annotations(&export, err) || !check_tags(&export, err) || !export_check_twice(&export, err))
        return false;
    text_printf(
        out,
        "-- %s, as segue export --idempotent%s made it (digest %.16s).\n"
        "-- Brings any database between the two versions to the newer one; may be run again.\n"
        "-- Run it with psql --set ON_ERROR_STOP=1 --file THIS, not while the application writes: it takes the locks that\n"
        "-- the plain statements take.\n\n",
        migration->name, drops ? " --drops" : "", migration->digest);
    if (strcmp(schema, "public") != 0)
        pg_append(out, "SET search_path = %I, public;\n", schema);
    /* The body of a function that is made again may speak of what is called otherwise by then. */
    text_append(out, "SET check_function_bodies = off;\n");
    text_append(out, questions);
    text_append(out, fill);
    if (drops)
        text_append(out, drop_key);
    export_names_of_before(&export);
    for (size_t i = 0; i < migration->n_changes; i++)
        if (!export_change(&export, &migration->changes[i], err))
            return false;
    export_sequences(&export);
    return check_used(&export, err);
}
