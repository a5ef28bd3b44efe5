/*
 * What the file makes and unmakes again. Each block asks whether what it makes is there; where something further down takes it away again,
 * that would be answered wrongly on a database that has come to the end.
 */
#include <string.h>

#include "postgres/export/export_internal.h"

/* Something that is there or not, by its name. */
struct thing {
    const char *kind, *table, *name;
};

struct things {
    struct thing *list;
    size_t n;
};

static bool contains(const struct things *things, const struct thing *thing)
{
    for (size_t i = 0; i < things->n; i++)
        if (strcmp(things->list[i].kind, thing->kind) == 0 &&
            strcmp(things->list[i].table, thing->table) == 0 &&
            strcmp(things->list[i].name, thing->name) == 0)
            return true;
    return false;
}

static struct thing relation(const char *name)
{
    return (struct thing){"relation", "", name};
}

static struct thing of_table(const char *kind, const struct change *change, const char *name)
{
    return (struct thing){kind, change->table.name, name};
}

/* A table's things are the same ones under whichever name of its own: the one that it has in the end stands for all. */
static void follow(const struct export *export, const struct change *change, struct thing *thing)
{
    struct name table = {.name = thing->table};
    if (*thing->table)
        export_follow(change, export_last(export), &table);
    thing->table = table.name;
}

static struct thing type(const char *name)
{
    return (struct thing){"type", "", name};
}

static bool of_statement(const struct change *change, struct thing *made, struct thing *unmade)
{
    const struct statement_def *def = change->statement;
    if (def->n_subjects != 1 ||
        (def->verb != VERB_CREATE && def->verb != VERB_REPLACE && def->verb != VERB_DROP))
        return false;
    bool on_table = def->object == OBJECT_TRIGGER || def->object == OBJECT_POLICY;
    struct thing thing = {on_table                         ? "part"
                          : def->object == OBJECT_FUNCTION ? def->signature ? def->signature : "function"
                                                           : "relation",
                          on_table && change->table.name ? change->table.name : "",
                          def->subjects[0].name.name};
    *(def->verb == VERB_DROP ? unmade : made) = thing;
    return true;
}

/* The sequence of an identity column. */
static const char *own_sequence(const struct export *export, const struct change *change)
{
    if (!change->sequence || !change->column)
        return "";
    return change->sequence->name ? change->sequence->name
                                  : pg_object_name(export->arena, change->table.name, change->column, "seq");
}

/* What a change makes, and what it unmakes. */
static void look(const struct change *change, const char *sequence, struct thing *made, struct thing *unmade)
{
    switch (change->kind) {
    case CHANGE_ADD_COLUMN: *made = of_table("column", change, change->column); break;
    case CHANGE_ADD_IDENTITY: *made = relation(sequence); break;
    case CHANGE_DROP_COLUMN: *unmade = of_table("column", change, change->column); break;
    case CHANGE_RENAME_COLUMN:
        *made = of_table("column", change, change->new_name);
        *unmade = of_table("column", change, change->column);
        break;
    case CHANGE_ADD_CONSTRAINT:
        if (change->constraint->name)
            *made = of_table("constraint", change, change->constraint->name);
        if (change->constraint->using_index && change->constraint->name &&
            strcmp(change->constraint->using_index, change->constraint->name) != 0)
            *unmade = relation(change->constraint->using_index);
        break;
    case CHANGE_DROP_CONSTRAINT: *unmade = of_table("constraint", change, change->object); break;
    case CHANGE_RENAME_CONSTRAINT:
        *made = of_table("constraint", change, change->new_name);
        *unmade = of_table("constraint", change, change->object);
        break;
    case CHANGE_CREATE_INDEX:
        if (change->object)
            *made = relation(change->object);
        break;
    case CHANGE_CREATE_TABLE:
    case CHANGE_CREATE_SEQUENCE: *made = relation(change->table.name); break;
    case CHANGE_DROP_INDEX:
    case CHANGE_DROP_TABLE:
    case CHANGE_DROP_SEQUENCE: *unmade = relation(change->table.name); break;
    case CHANGE_RENAME_INDEX:
    case CHANGE_RENAME_TABLE:
    case CHANGE_RENAME_SEQUENCE:
        *made = relation(change->new_name);
        *unmade = relation(change->table.name);
        break;
    case CHANGE_CREATE_ENUM:
    case CHANGE_CREATE_TYPE: *made = type(change->table.name); break;
    case CHANGE_DROP_TYPE: *unmade = type(change->table.name); break;
    case CHANGE_RENAME_TYPE:
        *made = type(change->new_name);
        *unmade = type(change->table.name);
        break;
    case CHANGE_ADD_ENUM_VALUE: *made = of_table("label", change, change->object); break;
    case CHANGE_RENAME_ENUM_VALUE:
        *made = of_table("label", change, change->new_name);
        *unmade = of_table("label", change, change->object);
        break;
    case CHANGE_DOMAIN_ADD_CHECK:
        if (change->object)
            *made = of_table("constraint", change, change->object);
        break;
    case CHANGE_DOMAIN_DROP_CONSTRAINT: *unmade = of_table("constraint", change, change->object); break;
    case CHANGE_DOMAIN_RENAME_CONSTRAINT:
        *made = of_table("constraint", change, change->new_name);
        *unmade = of_table("constraint", change, change->object);
        break;
    case CHANGE_ATTACH_PARTITION: *made = of_table("partition", change, change->partition->other.name); break;
    case CHANGE_DETACH_PARTITION:
        *unmade = of_table("partition", change, change->partition->other.name);
        break;
    case CHANGE_INHERIT: *made = of_table("parent", change, change->partition->other.name); break;
    case CHANGE_NO_INHERIT: *unmade = of_table("parent", change, change->partition->other.name); break;
    case CHANGE_COLUMN_TYPE: *made = of_table("type of a column", change, change->column); break;
    case CHANGE_STATEMENT: (void)of_statement(change, made, unmade); break;
    default: break;
    }
}

bool export_check_twice(const struct export *export, struct error *err)
{
    struct things made = {0}, unmade = {0};
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *change = &export->migration->changes[i];
        struct thing makes = {0}, unmakes = {0};
        look(change, own_sequence(export, change), &makes, &unmakes);
        if (makes.name)
            follow(export, change, &makes);
        if (unmakes.name)
            follow(export, change, &unmakes);
        bool twice = makes.name && strcmp(makes.kind, "type of a column") == 0 && contains(&made, &makes);
        if (twice || (makes.name && contains(&unmade, &makes)) || (unmakes.name && contains(&made, &unmakes)))
            return export_refuse(
                export, change, err,
                "the file makes \"%s\" and takes it away, or makes it twice: how far a database has come "
                "cannot be told",
                makes.name && (twice || contains(&unmade, &makes)) ? makes.name : unmakes.name);
        if (makes.name)
            ARENA_PUSH(export->arena, made.list, made.n, makes);
        if (unmakes.name)
            ARENA_PUSH(export->arena, unmade.list, unmade.n, unmakes);
    }
    return true;
}
