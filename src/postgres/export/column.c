/* Columns: each asks whether the column is there, or of which type it is. */
#include <string.h>

#include "postgres/export/export_internal.h"

/* Statements that are run as they stand have no table. */
static bool is_of(const struct name *table, const struct change *change)
{
    return table->name && strcmp(table->name, change->table.name) == 0;
}

/* The annotation speaks of the table under one of its names: that of before, of here, or of the end. */
static bool speaks_of(const struct export *export, const struct annotation *annotation,
                      const struct change *change)
{
    struct name first = change->table, last = change->table;
    for (const struct change *before = change; before > export->migration->changes; before--)
        if (before[-1].kind == CHANGE_RENAME_TABLE && strcmp(before[-1].new_name, first.name) == 0)
            first.name = before[-1].table.name;
    export_follow(change, export_last(export), &last);
    return is_of(&annotation->table, change) || strcmp(annotation->table.name, first.name) == 0 ||
           strcmp(annotation->table.name, last.name) == 0;
}

/* What the file says of the values that rows present take, or NULL. */
static const struct annotation *values_of(const struct export *export, const struct change *change,
                                          const char *column)
{
    const struct migration *migration = export->migration;
    for (size_t i = 0; i < migration->n_annotations; i++) {
        const struct annotation *annotation = &migration->annotations[i];
        if ((annotation->kind == ANNOTATION_UP || annotation->kind == ANNOTATION_EXISTING) &&
            speaks_of(export, annotation, change) &&
            (strcmp(annotation->column, column) == 0 ||
             strcmp(annotation->column, export_last_column(export, change, column)) == 0)) {
            export->used[i] = true;
            return annotation;
        }
    }
    return NULL;
}

static bool reads(const struct annotation *annotation, const char *column)
{
    for (size_t i = 0; i < annotation->n_expr_columns; i++)
        if (strcmp(annotation->expr_columns[i], column) == 0)
            return true;
    return false;
}

/* The expression is about the old version's columns: they must still be as they were when its turn comes. */
static bool check_values(const struct export *export, const struct change *change,
                         const struct annotation *annotation, struct error *err)
{
    for (const struct change *before = export->migration->changes; before < change; before++) {
        bool gone = before->kind == CHANGE_DROP_COLUMN || before->kind == CHANGE_RENAME_COLUMN ||
                    before->kind == CHANGE_COLUMN_TYPE;
        if (before->kind == CHANGE_RENAME_TABLE && strcmp(before->new_name, change->table.name) == 0)
            return export_refuse(export, change, err,
                                 "the values of column \"%s\" are said of table \"%s\" before it is renamed",
                                 change->column, before->table.name);
        if (gone && is_of(&before->table, change) && reads(annotation, before->column))
            return export_refuse(
                export, change, err,
                "the values of column \"%s\" are made of column \"%s\", which the file changes above",
                change->column, before->column);
    }
    return true;
}

static bool is_about(const struct change *change, const char *column)
{
    if (change->kind == CHANGE_ADD_CONSTRAINT) {
        for (size_t i = 0; i < change->constraint->n_columns; i++)
            if (strcmp(change->constraint->columns[i], column) == 0)
                return true;
        return false;
    }
    return (change->kind == CHANGE_SET_NOT_NULL || change->kind == CHANGE_COLUMN_TYPE ||
            change->kind == CHANGE_ADD_COLUMN) &&
           strcmp(change->column, column) == 0;
}

const char *export_values(const struct export *export, const struct change *change, const char *column)
{
    const struct annotation *values = values_of(export, change, column);
    if (!values || values->kind != ANNOTATION_UP)
        return NULL;
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *other = &export->migration->changes[i];
        bool fills = other->kind == CHANGE_ADD_COLUMN || other->kind == CHANGE_COLUMN_TYPE;
        if (other != change && is_of(&other->table, change) && is_about(other, column) &&
            (fills || other < change))
            return NULL;
    }
    return export_fill(export, change->table,
                       pg_format(export->arena, "UPDATE %s SET %I = %s", export_name(export, change->table),
                                 column, values->expr));
}

static const char *serial_word(const char *type)
{
    return strcmp(type, "bigint") == 0     ? "bigserial"
           : strcmp(type, "smallint") == 0 ? "smallserial"
                                           : "serial";
}

static const char *sequence_options(const struct export *export, const struct sequence_def *sequence)
{
    SEGUE_CLEANUP(text_free) struct text options = {0};
    if (sequence->name)
        pg_append(&options, " SEQUENCE NAME %I", sequence->name);
    for (size_t i = 0; i < sequence->n_clauses; i++)
        text_printf(&options, " %s", sequence->clauses[i]);
    return options.length ? pg_format(export->arena, " (%s)", text_string(&options) + 1) : "";
}

static const char *identity(const struct export *export, const struct sequence_def *sequence)
{
    return pg_format(export->arena, "GENERATED %s AS IDENTITY%s",
                     sequence->identity == 'a' ? "ALWAYS" : "BY DEFAULT", sequence_options(export, sequence));
}

/* The column as ADD COLUMN declares it; `whole`: with what would judge or fill the rows present. */
static const char *declaration(const struct export *export, const struct change *change, bool whole)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const struct sequence_def *sequence = change->sequence;
    bool serial = sequence && !sequence->identity;
    pg_append(&out, "%I %s", change->column, serial ? serial_word(change->type) : change->type);
    if (change->collation)
        text_printf(&out, " COLLATE %s", change->collation);
    if (change->generated)
        text_printf(&out, " GENERATED ALWAYS AS (%s) STORED", change->generated);
    if (sequence && sequence->identity)
        text_printf(&out, " %s", identity(export, sequence));
    if (whole && change->expr)
        text_printf(&out, " DEFAULT %s", change->expr);
    if (whole && change->not_null && change->not_null_name)
        pg_append(&out, " CONSTRAINT %I", change->not_null_name);
    if (whole && change->not_null)
        text_append(&out, " NOT NULL");
    return arena_strdup(export->arena, text_string(&out));
}

static bool add_column(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    const char *table = export_name(export, change->table), *lines[4];
    const struct annotation *values = values_of(export, change, change->column);
    size_t n = 0;
    if (values && !check_values(export, change, values, err))
        return false;
    lines[n++] = export_execute(export, pg_format(arena, "ALTER TABLE %s ADD COLUMN %s", table,
                                                  declaration(export, change, !values)));
    if (values)
        lines[n++] =
            export_fill(export, change->table,
                        pg_format(arena, "UPDATE %s SET %I = %s", table, change->column, values->expr));
    if (values && change->expr)
        lines[n++] = export_execute(export, pg_format(arena, "ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s",
                                                      table, change->column, change->expr));
    if (values && change->not_null && change->not_null_name)
        return export_refuse(export, change, err, "column \"%s\" gets values and a NOT NULL with a name",
                             change->column);
    if (values && change->not_null)
        lines[n++] = export_execute(
            export, pg_format(arena, "ALTER TABLE %s ALTER COLUMN %I SET NOT NULL", table, change->column));
    export_guarded(export,
                   pg_format(arena, "%s AND NOT %s", export_has_table(export, change->table),
                             export_has_column(export, change->table, change->column)),
                   lines, n);
    return true;
}

/* The type and collation that the change gives the column. */
static const char *new_type(const struct export *export, const struct change *change)
{
    return change->collation ? pg_format(export->arena, "%s COLLATE %s", change->type, change->collation)
                             : change->type;
}

static const char *has_other_type(const struct export *export, const struct change *change)
{
    return pg_format(export->arena,
                     "%s AND pg_temp.segue_type_of(to_regclass(%L), %L) <> pg_temp.segue_type(%L)",
                     export_has_column(export, change->table, change->column),
                     export_name(export, change->table), change->column, new_type(export, change));
}

/* A default is bound to the type where it is set: once the type has changed, it is not set again. */
static const char *before_type(const struct export *export, const struct change *change)
{
    const struct migration *migration = export->migration;
    for (const struct change *later = change; later < migration->changes + migration->n_changes; later++)
        if (later->kind == CHANGE_COLUMN_TYPE && is_of(&later->table, change) &&
            strcmp(later->column, change->column) == 0)
            return has_other_type(export, later);
    return "true";
}

static void set_default(const struct export *export, const struct change *change)
{
    export_one(export,
               pg_format(export->arena, "%s AND %s", export_has_column(export, change->table, change->column),
                         before_type(export, change)),
               pg_format(export->arena, "ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s",
                         export_name(export, change->table), change->column, change->expr));
}

static bool change_type(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    const char *table = export_name(export, change->table), *using = change->expr;
    const struct annotation *values = values_of(export, change, change->column);
    if (values && values->has_subquery)
        return export_refuse(export, change, err, "the values of column \"%s\" are read by a subquery",
                             change->column);
    if (values && !check_values(export, change, values, err))
        return false;
    using = values ? values->expr : using;
    export_one(export, has_other_type(export, change),
               pg_format(arena, "ALTER TABLE %s ALTER COLUMN %I TYPE %s%s%s", table, change->column,
                         new_type(export, change), using ? " USING " : "", using ? using : ""));
    return true;
}

static void rename_column(const struct export *export, const struct change *change)
{
    export_one(export,
               pg_format(export->arena, "%s AND NOT %s",
                         export_has_column(export, change->table, change->column),
                         export_has_column(export, change->table, change->new_name)),
               pg_format(export->arena, "ALTER TABLE %s RENAME COLUMN %I TO %I",
                         export_name(export, change->table), change->column, change->new_name));
}

static void drop_column(const struct export *export, const struct change *change)
{
    export_drop(export, export_has_column(export, change->table, change->column),
                pg_format(export->arena, "ALTER TABLE %s DROP COLUMN %I%s",
                          export_name(export, change->table), change->column,
                          change->cascade ? " CASCADE" : ""));
}

/* What may be said again: a property of a column that is there. */
static void alter_column(const struct export *export, const struct change *change, const char *what)
{
    export_one(export, export_has_column(export, change->table, change->column),
               pg_format(export->arena, "ALTER TABLE %s ALTER COLUMN %I %s",
                         export_name(export, change->table), change->column, what));
}

/* What the column has now decides whether this was done: attnotnull, atthasdef or attidentity. */
static const char *column_that(const struct export *export, const struct change *change, const char *what)
{
    return pg_format(
        export->arena,
        "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(%L) AND attname = %L "
        "AND NOT attisdropped AND %s)",
        export_name(export, change->table), change->column, what);
}

static void set_not_null(const struct export *export, const struct change *change)
{
    const char *lines[2], *values = export_values(export, change, change->column);
    size_t n = 0;
    if (values)
        lines[n++] = values;
    lines[n++] =
        export_execute(export, pg_format(export->arena, "ALTER TABLE %s ALTER COLUMN %I SET NOT NULL",
                                         export_name(export, change->table), change->column));
    export_guarded(export, column_that(export, change, "NOT attnotnull"), lines, n);
}

/* A column that has become an identity since has none. */
static void drop_default(const struct export *export, const struct change *change)
{
    export_one(export,
               pg_format(export->arena, "%s AND %s", column_that(export, change, "atthasdef"),
                         before_type(export, change)),
               pg_format(export->arena, "ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT",
                         export_name(export, change->table), change->column));
}

static void add_identity(const struct export *export, const struct change *change)
{
    export_one(
        export,
        pg_format(
            export->arena,
            "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(%L) AND attname = %L "
            "AND NOT attisdropped AND attidentity = '')",
            export_name(export, change->table), change->column),
        pg_format(export->arena, "ALTER TABLE %s ALTER COLUMN %I ADD %s", export_name(export, change->table),
                  change->column, identity(export, change->sequence)));
}

/* ALTER COLUMN SET GENERATED … SET INCREMENT … */
static void set_identity(const struct export *export, const struct change *change)
{
    SEGUE_CLEANUP(text_free) struct text what = {0};
    const struct sequence_def *sequence = change->sequence;
    if (sequence->identity)
        text_printf(&what, "SET GENERATED %s", sequence->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
    for (size_t i = 0; i < sequence->n_clauses; i++)
        text_printf(&what, "%sSET %s", what.length ? " " : "", sequence->clauses[i]);
    alter_column(export, change, text_string(&what));
}

bool export_column(const struct export *export, const struct change *change, struct error *err)
{
    switch (change->kind) {
    case CHANGE_ADD_COLUMN: return add_column(export, change, err);
    case CHANGE_COLUMN_TYPE: return change_type(export, change, err);
    case CHANGE_SET_IDENTITY: set_identity(export, change); break;
    case CHANGE_ADD_IDENTITY: add_identity(export, change); break;
    case CHANGE_RENAME_COLUMN: rename_column(export, change); break;
    case CHANGE_DROP_COLUMN: drop_column(export, change); break;
    case CHANGE_SET_NOT_NULL: set_not_null(export, change); break;
    case CHANGE_DROP_NOT_NULL: alter_column(export, change, "DROP NOT NULL"); break;
    case CHANGE_DROP_DEFAULT: drop_default(export, change); break;
    case CHANGE_DROP_EXPRESSION: alter_column(export, change, "DROP EXPRESSION IF EXISTS"); break;
    case CHANGE_DROP_IDENTITY: alter_column(export, change, "DROP IDENTITY IF EXISTS"); break;
    default: set_default(export, change); break;
    }
    return true;
}
