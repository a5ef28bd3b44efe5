/* Tables, types, sequences, partitions and comments. */
#include <string.h>

#include "postgres/export/export_internal.h"

static const char *has_type(const struct export *export, const struct change *change)
{
    return pg_format(export->arena, "to_regtype(%L) IS NOT NULL", export_name(export, change->table));
}

static const char *has_renamed(const struct export *export, const struct change *change)
{
    return export_has_table(export, (struct name){change->table.schema, change->new_name});
}

static const char *has_label(const struct export *export, const struct change *change, const char *label)
{
    return pg_format(
        export->arena,
        "EXISTS (SELECT FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype(%L) AND enumlabel = %L)",
        export_name(export, change->table), label);
}

const char *export_has_domain_constraint(const struct export *export, struct name domain, const char *name)
{
    return pg_format(
        export->arena,
        "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE contypid = to_regtype(%L) AND conname = %L)",
        export_name(export, domain), name);
}

const char *export_has_parent(const struct export *export, struct name child, struct name parent)
{
    return pg_format(
        export->arena,
        "EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = to_regclass(%L) AND inhparent = "
        "to_regclass(%L))",
        export_name(export, child), export_name(export, parent));
}

static const char * not(const struct export *export, const char *condition)
{
    return pg_format(export->arena, "NOT (%s)", condition);
}

static const char *and_not(const struct export *export, const char *condition, const char *other)
{
    return pg_format(export->arena, "%s AND NOT (%s)", condition, other);
}

static const char *literal_list(const struct export *export, const char *const *texts, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text list = {0};
    for (size_t i = 0; i < n; i++)
        pg_append(&list, "%s%L", i ? ", " : "", texts[i]);
    return arena_strdup(export->arena, text_string(&list));
}

/* A label that was added can be used from the next transaction on, so that it stands alone. */
static void add_label(const struct export *export, const struct change *change)
{
    const char *where = change->neighbour ? pg_format(export->arena, " %s %L",
                                                      change->before ? "BEFORE" : "AFTER", change->neighbour)
                                          : "";
    export_plain(export, pg_format(export->arena, "ALTER TYPE %s ADD VALUE IF NOT EXISTS %L%s",
                                   export_name(export, change->table), change->object, where));
}

static bool export_domain(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    const char *domain = export_name(export, change->table);
    switch (change->kind) {
    case CHANGE_DOMAIN_ADD_CHECK:
        if (!change->object)
            return export_refuse(export, change, err,
                                 "a constraint of domain \"%s\" has no name by which it could be found",
                                 change->table.name);
        export_one(export,
                   and_not(export, has_type(export, change),
                           export_has_domain_constraint(export, change->table, change->object)),
                   pg_format(arena, "ALTER DOMAIN %s ADD CONSTRAINT %I CHECK (%s)%s", domain, change->object,
                             change->expr, change->not_valid ? " NOT VALID" : ""));
        break;
    case CHANGE_DOMAIN_DROP_CONSTRAINT:
        export_drop(export, export_has_domain_constraint(export, change->table, change->object),
                    pg_format(arena, "ALTER DOMAIN %s DROP CONSTRAINT %I%s", domain, change->object,
                              change->cascade ? " CASCADE" : ""));
        break;
    case CHANGE_DOMAIN_RENAME_CONSTRAINT:
        export_one(export,
                   and_not(export, export_has_domain_constraint(export, change->table, change->object),
                           export_has_domain_constraint(export, change->table, change->new_name)),
                   pg_format(arena, "ALTER DOMAIN %s RENAME CONSTRAINT %I TO %I", domain, change->object,
                             change->new_name));
        break;
    case CHANGE_DOMAIN_VALIDATE:
        export_one(export, export_has_domain_constraint(export, change->table, change->object),
                   pg_format(arena, "ALTER DOMAIN %s VALIDATE CONSTRAINT %I", domain, change->object));
        break;
    default: export_one(export, has_type(export, change), change->sql); break;
    }
    return true;
}

static bool export_type(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    const char *type = export_name(export, change->table);
    struct change renamed = *change;
    renamed.table.name = change->new_name;
    switch (change->kind) {
    case CHANGE_CREATE_ENUM:
        export_one(export, not(export, has_type(export, change)),
                   pg_format(arena, "CREATE TYPE %s AS ENUM (%s)", type,
                             literal_list(export, change->labels, change->n_labels)));
        break;
    case CHANGE_CREATE_TYPE: export_one(export, not(export, has_type(export, change)), change->sql); break;
    case CHANGE_ADD_ENUM_VALUE: add_label(export, change); break;
    case CHANGE_RENAME_ENUM_VALUE:
        export_one(
            export,
            and_not(export, has_label(export, change, change->object),
                    has_label(export, change, change->new_name)),
            pg_format(arena, "ALTER TYPE %s RENAME VALUE %L TO %L", type, change->object, change->new_name));
        break;
    case CHANGE_DROP_TYPE:
        export_drop(export, has_type(export, change),
                    pg_format(arena, "DROP %s %s%s", change->type_kind == 'd' ? "DOMAIN" : "TYPE", type,
                              change->cascade ? " CASCADE" : ""));
        break;
    case CHANGE_RENAME_TYPE:
        export_one(export, and_not(export, has_type(export, change), has_type(export, &renamed)),
                   change->sql);
        break;
    case CHANGE_TYPE_ATTRIBUTE:
        return export_refuse(export, change, err,
                             "whether an attribute of type \"%s\" has been changed cannot be told",
                             change->table.name);
    default: return export_domain(export, change, err);
    }
    return true;
}

static void export_sequence(const struct export *export, const struct change *change)
{
    struct arena *arena = export->arena;
    const char *has = export_has_table(export, change->table), *sequence = export_name(export, change->table);
    switch (change->kind) {
    case CHANGE_CREATE_SEQUENCE: export_one(export, not(export, has), change->sql); break;
    case CHANGE_ALTER_SEQUENCE: export_one(export, has, change->sql); break;
    case CHANGE_DROP_SEQUENCE:
        export_drop(export, has,
                    pg_format(arena, "DROP SEQUENCE %s%s", sequence, change->cascade ? " CASCADE" : ""));
        break;
    default:
        export_one(export, and_not(export, has, has_renamed(export, change)),
                   pg_format(arena, "ALTER SEQUENCE %s RENAME TO %I", sequence, change->new_name));
        break;
    }
}

static void export_part(const struct export *export, const struct change *change)
{
    const struct name other = change->partition->other;
    const char *both = pg_format(export->arena, "%s AND %s", export_has_table(export, change->table),
                                 export_has_table(export, other));
    switch (change->kind) {
    case CHANGE_ATTACH_PARTITION:
        export_one(export, and_not(export, both, export_has_parent(export, other, change->table)),
                   pg_format(export->arena, "ALTER TABLE %s ATTACH PARTITION %s %s",
                             export_name(export, change->table), export_name(export, other),
                             change->partition->bound));
        break;
    case CHANGE_DETACH_PARTITION:
        export_drop(export, export_has_parent(export, other, change->table),
                    pg_format(export->arena, "ALTER TABLE %s DETACH PARTITION %s",
                              export_name(export, change->table), export_name(export, other)));
        break;
    case CHANGE_INHERIT:
        export_one(export, and_not(export, both, export_has_parent(export, change->table, other)),
                   pg_format(export->arena, "ALTER TABLE %s INHERIT %s", export_name(export, change->table),
                             export_name(export, other)));
        break;
    default:
        export_drop(export, export_has_parent(export, change->table, other),
                    pg_format(export->arena, "ALTER TABLE %s NO INHERIT %s",
                              export_name(export, change->table), export_name(export, other)));
        break;
    }
}

/* A remark about something that is not there, because it was left, fails alone. */
static void export_comment(const struct export *export, const struct change *change)
{
    switch (change->target) {
    case COMMENT_ON_COLUMN:
        export_one(export, export_has_column(export, change->table, change->column), change->sql);
        break;
    case COMMENT_ON_CONSTRAINT:
        export_one(export, export_has_constraint(export, change->table, change->object), change->sql);
        break;
    case COMMENT_ON_TYPE: export_one(export, has_type(export, change), change->sql); break;
    case COMMENT_ON_TABLE:
    case COMMENT_ON_INDEX: export_one(export, export_has_table(export, change->table), change->sql); break;
    }
}

bool export_object(const struct export *export, const struct change *change, struct error *err)
{
    const char *has = export_has_table(export, change->table);
    switch (change->kind) {
    case CHANGE_CREATE_TABLE: export_one(export, not(export, has), change->sql); break;
    case CHANGE_DROP_TABLE:
        export_drop(export, has,
                    pg_format(export->arena, "DROP TABLE %s%s", export_name(export, change->table),
                              change->cascade ? " CASCADE" : ""));
        break;
    case CHANGE_RENAME_TABLE:
        export_one(export, and_not(export, has, has_renamed(export, change)),
                   pg_format(export->arena, "ALTER TABLE %s RENAME TO %I", export_name(export, change->table),
                             change->new_name));
        break;
    case CHANGE_CREATE_SEQUENCE:
    case CHANGE_ALTER_SEQUENCE:
    case CHANGE_DROP_SEQUENCE:
    case CHANGE_RENAME_SEQUENCE: export_sequence(export, change); break;
    case CHANGE_ATTACH_PARTITION:
    case CHANGE_DETACH_PARTITION:
    case CHANGE_INHERIT:
    case CHANGE_NO_INHERIT: export_part(export, change); break;
    case CHANGE_COMMENT: export_comment(export, change); break;
    default: return export_type(export, change, err);
    }
    return true;
}
