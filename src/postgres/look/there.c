/* Whether what a statement names is there, and what it makes is not, as far as the database tells and the files have not changed it. */
#include <ctype.h>
#include <string.h>

#include "base/compare.h"
#include "base/layout.h"
#include "postgres/look/look_internal.h"
#include "postgres/sqltree.h"
#include "sql.h"

struct there {
    struct look *look;
    const struct lint_statement *statement;
    const struct lint_action *action;
    struct arena *arena;
    const char *words; /* what is wrong; NULL: nothing so far */
};

/* Places where it could be, and those where it is. */
struct places {
    double all, having;
    const char *kind; /* of the first */
};

/* A psql variable stands for anything. */
static bool has_variable(const struct lint_statement *statement)
{
    for (size_t i = statement->place.begin; i + 1 < statement->place.end; i++) {
        const char *at = statement->text + i;
        bool alone = *at == ':' && at[1] != ':' && (i == 0 || at[-1] != ':');
        if (alone && (isalpha((unsigned char)at[1]) || strchr("'\"_", at[1])))
            return true;
    }
    return false;
}

/* Other commands of the same ALTER TABLE make, drop or rename it, or the files before. */
static bool is_touched(const struct there *t, const char *name)
{
    for (size_t i = 0; i < t->statement->n_actions; i++) {
        const struct lint_action *other = &t->statement->actions[i];
        const char *names[KNOWN_NAMES];
        for (size_t k = other == t->action ? 0 : known_names(other, names); k > 0; k--) {
            if (strcmp(names[k - 1], name) == 0)
                return true;
        }
    }
    return known_is_touched(t->look->known, name);
}

/* at: the schema of what stands alone; of a part, its table. False: nobody can tell. */
static bool find(const struct there *t, const char *kind, struct name at, const char *name, bool to_make,
                 struct places *places)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {kind, at.schema, name, at.name, to_make ? "t" : "f"};
    bool temporary = at.schema && strncmp(at.schema, "pg_temp", strlen("pg_temp")) == 0;
    if (t->words || !name || temporary || is_touched(t, name) || (at.name && is_touched(t, at.name)) ||
        !look_ask(t->look, sql_lint_there, SEGUE_COUNT(values), values, &rows))
        return false;
    const char *found = rows_get(rows, 0, 2);
    *places = (struct places){.having = look_number(rows, 0, 0), .all = look_number(rows, 0, 1)};
    places->kind = found ? arena_strdup(t->arena, found) : NULL;
    return true;
}

static const char *full_name(const struct there *t, struct name name)
{
    return name.schema ? arena_printf(t->arena, "%s.%s", name.schema, name.name) : name.name;
}

/* --- What is named --- */

static void need(struct there *t, const char *kind, struct name of)
{
    struct places places;
    const struct name at = {.schema = of.schema};
    if (find(t, kind, at, of.name, false, &places) && places.having < 1)
        t->words = arena_printf(t->arena, "%s%s%s is not there", strcmp(kind, "relation") == 0 ? "" : kind,
                                strcmp(kind, "relation") == 0 ? "" : " ", full_name(t, of));
}

static void need_part(struct there *t, const char *kind, struct name table, const char *name)
{
    struct places places;
    if (table.name && find(t, kind, table, name, false, &places) && places.all > 0 && places.having < 1)
        t->words = arena_printf(t->arena, "%s has no %s %s", full_name(t, table), kind, name);
}

static void need_columns(struct there *t, struct name table, const char *const *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        need_part(t, "column", table, columns[i]);
}

/* An index or a constraint may have a name that the server has chosen meanwhile. */
static bool may_be_chosen(const struct there *t, const char *name)
{
    return name && known_may_be_chosen(t->look->known, name);
}

static void need_index(struct there *t, const char *name)
{
    if (!may_be_chosen(t, name))
        need(t, "index", (struct name){.name = name});
}

static void need_constraint(struct there *t, const char *name)
{
    if (!may_be_chosen(t, name))
        need_part(t, "constraint", t->action->relation, name);
}

/* kinds: letters of pg_class.relkind. */
static void need_kind(struct there *t, const char *kinds, const char *what)
{
    struct places places;
    const struct name of = t->action->relation, at = {.schema = of.schema};
    if (may_be_chosen(t, of.name) || !find(t, "relation", at, of.name, false, &places))
        return;
    if (places.having < 1)
        t->words = arena_printf(t->arena, "%s is not there", full_name(t, of));
    else if (places.having < 2 && places.kind && !strchr(kinds, *places.kind))
        t->words = arena_printf(t->arena, "%s is no %s", full_name(t, of), what);
}

/* Only what cannot be one of the server's own names of several words, or a name that was quoted. */
static void need_type(struct there *t)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_.(),[]";
    const char *type = t->action->type;
    struct places places;
    if (!type || (t->action->flags & LINT_SERIAL) || strspn(type, plain) != strlen(type))
        return;
    const char *dot = strrchr(type, '.'), *name = dot ? dot + 1 : type;
    const char *bare = arena_strndup(t->arena, name, strcspn(name, "(["));
    if (!is_touched(t, bare) && find(t, "column type", (struct name){0}, type, false, &places) &&
        places.having < 1)
        t->words = arena_printf(t->arena, "type %s is not there", type);
}

static void need_columns_of_check(struct there *t)
{
    struct error err;
    bool subquery;
    const char **columns;
    size_t n;
    const struct lint_slice slice = t->action->expr;
    if (slice.end <= slice.begin)
        return;
    const char *expr = arena_strndup(t->arena, t->statement->text + slice.begin, slice.end - slice.begin);
    if (sql_expr_columns(t->arena, expr, t->action->relation.name, &columns, &n, &subquery, &err))
        need_columns(t, t->action->relation, columns, n);
}

/* Of what stands in CREATE TABLE, only what is outside of it. */
static void need_around(struct there *t)
{
    const struct lint_action *a = t->action;
    if (a->act == LINT_ADD_COLUMN || a->act == LINT_ALTER_TYPE)
        need_type(t);
    bool refers = a->act == LINT_ADD_FOREIGN_KEY || (a->flags & LINT_REFERENCES);
    if ((refers || (a->act == LINT_OTHER && same_text(a->what, "like"))) && a->other.name) {
        need(t, "relation", a->other);
        need_columns(t, a->other, a->referred, a->n_referred);
    }
}

static void need_parts(struct there *t)
{
    const struct lint_action *a = t->action;
    switch (a->act) {
    case LINT_DROP_COLUMN:
    case LINT_RENAME_COLUMN:
    case LINT_SET_DEFAULT:
    case LINT_DROP_DEFAULT:
    case LINT_SET_NOT_NULL:
    case LINT_DROP_NOT_NULL:
    case LINT_ALTER_TYPE:
    case LINT_ADD_IDENTITY:
    case LINT_DROP_IDENTITY:
    case LINT_DROP_EXPRESSION:
    case LINT_SET_EXPRESSION:
    case LINT_COLUMN_SETTING:
    case LINT_COLUMN_STORAGE:
    case LINT_ADD_NOT_NULL: need_part(t, "column", a->relation, a->column); break;
    case LINT_ADD_CHECK: need_columns_of_check(t); break;
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY:
        need_index(t, a->flags & LINT_USING_INDEX ? a->type : NULL);
        need_columns(t, a->relation, a->columns, a->flags & LINT_USING_INDEX ? 0 : a->n_columns);
        break;
    case LINT_ADD_FOREIGN_KEY:
    case LINT_CREATE_INDEX:
    case LINT_INSERT: need_columns(t, a->relation, a->columns, a->n_columns); break;
    case LINT_VALIDATE:
    case LINT_ALTER_CONSTRAINT:
    case LINT_DROP_CONSTRAINT: need_constraint(t, a->name); break;
    case LINT_ATTACH:
    case LINT_DETACH:
    case LINT_INHERIT:
    case LINT_NO_INHERIT: need(t, "relation", a->other); break;
    case LINT_SET_SCHEMA: need(t, "schema", (struct name){.name = a->other.name}); break;
    case LINT_CREATE_TRIGGER: need(t, "function", a->other); break;
    case LINT_DROP_TRIGGER: need_part(t, "trigger", a->relation, a->name); break;
    case LINT_ENABLE_TRIGGER:
    case LINT_DISABLE_TRIGGER:
        if (!same_text(a->name, "all") && !same_text(a->name, "user"))
            need_part(t, "trigger", a->relation, a->name);
        break;
    case LINT_ALTER_POLICY: need_part(t, "policy or rule", a->relation, a->name); break;
    default: break;
    }
}

/* Whether the action is one on a relation that must be there. */
static bool is_on_relation(const struct lint_action *action)
{
    switch (action->act) {
    case LINT_TRUNCATE:
    case LINT_CLUSTER:
    case LINT_VACUUM:
    case LINT_VACUUM_FULL:
    case LINT_ANALYZE:
    case LINT_LOCK:
    case LINT_OWNER:
    case LINT_ALTER_VIEW:
    case LINT_RENAME_VIEW:
    case LINT_CREATE_STATISTICS:
    case LINT_PUBLICATION:
    case LINT_COMMENT:
    case LINT_INSERT:
    case LINT_UPDATE:
    case LINT_DELETE:
    case LINT_COPY_FROM:
    case LINT_SELECT: return true;
    case LINT_RENAME_OTHER:
        return same_text(action->what, "constraint") || same_text(action->what, "trigger");
    default:
        return (action->act >= LINT_ADD_COLUMN && action->act <= LINT_RENAME_TABLE) ||
               (action->act >= LINT_SET_SCHEMA && action->act <= LINT_CREATE_INDEX) ||
               (action->act >= LINT_TABLE_SETTING && action->act <= LINT_REPLICA_IDENTITY);
    }
}

static void need_renamed(struct there *t)
{
    const struct lint_action *a = t->action;
    if (same_text(a->what, "constraint"))
        need_constraint(t, a->name);
    else if (same_text(a->what, "trigger"))
        need_part(t, "trigger", a->relation, a->name);
    else if (same_text(a->what, "index"))
        need_index(t, a->name);
    else if (same_text(a->what, "type"))
        need(t, "type", a->relation);
    else if (same_text(a->what, "sequence"))
        need_kind(t, "S", "sequence");
    else if (same_text(a->what, "schema"))
        need(t, "schema", (struct name){.name = a->name});
}

static void need_object(struct there *t)
{
    const struct lint_action *a = t->action;
    switch (a->act) {
    case LINT_DROP_TABLE: need_kind(t, "rpf", "table"); break;
    case LINT_DROP_VIEW: need_kind(t, "v", "view"); break;
    case LINT_REFRESH:
    case LINT_DROP_MATERIALIZED_VIEW: need_kind(t, "m", "materialized view"); break;
    case LINT_ALTER_SEQUENCE:
    case LINT_DROP_SEQUENCE: need_kind(t, "S", "sequence"); break;
    case LINT_DROP_INDEX: need_kind(t, "iI", "index"); break;
    case LINT_REINDEX:
    case LINT_ALTER_INDEX: need_index(t, a->name); break;
    case LINT_DROP_TYPE:
    case LINT_ADD_VALUE:
    case LINT_ALTER_COMPOSITE:
    case LINT_DOMAIN_CHECK:
    case LINT_DOMAIN_NOT_NULL:
    case LINT_DOMAIN_VALIDATE:
    case LINT_DOMAIN_OTHER: need(t, "type", a->relation); break;
    case LINT_DROP_FUNCTION: need(t, "function", a->relation); break;
    case LINT_DROP_SCHEMA: need(t, "schema", (struct name){.name = a->relation.name}); break;
    case LINT_RENAME_OTHER: need_renamed(t); break;
    case LINT_EXTENSION:
        need(t, same_text(a->what, "update") ? "extension" : "available extension",
             (struct name){.name = a->name});
        break;
    case LINT_CREATE_TABLE:
        if (same_text(a->what, "partition") || same_text(a->what, "inherits"))
            need(t, "relation", a->other);
        break;
    default: break;
    }
    bool makes = a->act >= LINT_CREATE_TABLE && a->act <= LINT_CREATE_TABLE_AS;
    if (makes || a->act == LINT_CREATE_VIEW || a->act == LINT_CREATE_MATERIALIZED_VIEW ||
        a->act == LINT_CREATE_SEQUENCE)
        need(t, "schema", (struct name){.name = a->relation.schema});
}

/* --- What is made --- */

static void leave_free(struct there *t, const char *kind, struct name of)
{
    struct places places;
    const struct name at = {.schema = of.schema};
    if (find(t, kind, at, of.name, true, &places) && places.all > 0 && places.having >= places.all)
        t->words =
            arena_printf(t->arena, "%s%s%s is there already", strcmp(kind, "relation") == 0 ? "" : kind,
                         strcmp(kind, "relation") == 0 ? "" : " ", full_name(t, of));
}

static void leave_part_free(struct there *t, const char *kind, struct name table, const char *name)
{
    struct places places;
    if (!table.name || !find(t, kind, table, name, true, &places) || places.all < 1 ||
        places.having < places.all)
        return;
    bool beside = strcmp(kind, "neighbour") == 0;
    t->words = beside ? arena_printf(t->arena, "%s is there already", name)
                      : arena_printf(t->arena, "%s has %s %s already", full_name(t, table), kind, name);
}

static bool sheds(const struct there *t)
{
    for (size_t i = 0; i < t->statement->n_actions; i++) {
        enum lint_act act = t->statement->actions[i].act;
        if (act == LINT_DROP_COLUMN || act == LINT_DROP_CONSTRAINT)
            return true;
    }
    return false;
}

/* By a statement of the files so far, and not taken away again. */
static void leave_made_free(struct there *t)
{
    const struct lint_action *a = t->action;
    const struct known_relation *relation = known_relation(t->look->known, a->relation);
    if (t->words || !relation || relation->dropped || sheds(t))
        return;
    const struct known_column *column = known_column(relation, a->column);
    if (a->act == LINT_ADD_COLUMN && column && column->file)
        t->words = arena_printf(t->arena, "a statement before has added %s to %s", a->column,
                                full_name(t, a->relation));
    else if (a->act != LINT_ADD_COLUMN && relation->file)
        t->words = arena_printf(t->arena, "a statement before has made %s", full_name(t, a->relation));
}

/* Indexes and constraints went with a column or a constraint that the files drop. */
static void leave_shed_free(struct there *t, const char *kind, const char *name)
{
    if (!known_has_shed(t->look->known, t->action->relation.name))
        leave_part_free(t, kind, t->action->relation, name);
}

static void leave_constraint_free(struct there *t)
{
    const struct lint_action *a = t->action;
    bool key = a->act == LINT_ADD_UNIQUE || a->act == LINT_ADD_PRIMARY_KEY || a->act == LINT_ADD_EXCLUDE;
    bool itself = (a->flags & LINT_USING_INDEX) && same_text(a->name, a->type);
    if (sheds(t) || !a->relation.name)
        return;
    leave_shed_free(t, "constraint", a->name);
    if (key && !itself)
        leave_shed_free(t, "neighbour", a->name);
    struct places places;
    if (a->act == LINT_ADD_PRIMARY_KEY && !known_has_shed(t->look->known, a->relation.name) &&
        find(t, "primary key", a->relation, "", true, &places) && places.all > 0 &&
        places.having >= places.all)
        t->words = arena_printf(t->arena, "%s has a primary key already", full_name(t, a->relation));
}

static void leave_type_free(struct there *t)
{
    leave_free(t, "relation", t->action->relation);
    leave_free(t, "type", t->action->relation);
}

static void leave_all_free(struct there *t)
{
    const struct lint_action *a = t->action;
    bool replaces = a->flags & LINT_REPLACE;
    switch (a->act) {
    case LINT_CREATE_TABLE:
    case LINT_CREATE_TABLE_AS:
    case LINT_CREATE_MATERIALIZED_VIEW:
        leave_type_free(t);
        leave_made_free(t);
        break;
    case LINT_CREATE_VIEW:
        if (!replaces)
            leave_type_free(t);
        break;
    case LINT_CREATE_SEQUENCE: leave_free(t, "relation", a->relation); break;
    case LINT_CREATE_TYPE:
    case LINT_CREATE_ENUM:
    case LINT_CREATE_DOMAIN: leave_free(t, "type", a->relation); break;
    case LINT_CREATE_INDEX: leave_shed_free(t, "neighbour", a->name); break;
    case LINT_ADD_COLUMN:
        leave_part_free(t, "column", a->relation, a->column);
        leave_made_free(t);
        break;
    case LINT_RENAME_COLUMN: leave_part_free(t, "column", a->relation, a->other.name); break;
    case LINT_RENAME_VIEW:
    case LINT_RENAME_TABLE: leave_part_free(t, "neighbour", a->relation, a->other.name); break;
    case LINT_ADD_CHECK:
    case LINT_ADD_NOT_NULL:
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY:
    case LINT_ADD_FOREIGN_KEY:
    case LINT_ADD_EXCLUDE: leave_constraint_free(t); break;
    case LINT_CREATE_TRIGGER:
        if (!replaces)
            leave_part_free(t, "trigger", a->relation, a->name);
        break;
    case LINT_CREATE_RULE:
        if (!replaces)
            leave_part_free(t, "rule", a->relation, a->name);
        break;
    case LINT_CREATE_POLICY: leave_part_free(t, "policy", a->relation, a->name); break;
    case LINT_ADD_VALUE: leave_part_free(t, "enum value", a->relation, a->name); break;
    case LINT_EXTENSION:
        if (!a->what)
            leave_free(t, "extension", (struct name){.name = a->name});
        break;
    case LINT_OTHER:
        if (same_text(a->what, "schema"))
            leave_free(t, "schema", (struct name){.name = a->name});
        break;
    default: break;
    }
}

/* --- The answers --- */

static bool can_tell(const struct there *t)
{
    const struct lint_action *a = t->action;
    bool conditional =
        ((a->flags | t->statement->actions[0].flags) & (LINT_IF_EXISTS | LINT_IF_NOT_EXISTS)) != 0;
    /* ALTER TABLE ALL IN TABLESPACE */
    bool many = a->act == LINT_SET_TABLESPACE && (a->flags & LINT_ALL);
    return !conditional && !many && !(a->flags & LINT_TEMPORARY) && known_is_sure(t->look->known) &&
           !has_variable(t->statement);
}

static struct lint_answer answer(const struct there *t)
{
    return (struct lint_answer){
        .truth = t->words ? LINT_YES : LINT_NO, .words = t->words, .fails = t->words != NULL};
}

struct lint_answer look_missing(struct look *look, const struct lint_statement *statement,
                                const struct lint_action *action, struct arena *arena)
{
    struct there t = {.look = look, .statement = statement, .action = action, .arena = arena};
    if (!can_tell(&t))
        return (struct lint_answer){0};
    if (!(action->flags & LINT_IN_CREATE)) {
        if (is_on_relation(action))
            need(&t, "relation", action->relation);
        need_object(&t);
        need_parts(&t);
    }
    need_around(&t);
    return answer(&t);
}

struct lint_answer look_taken(struct look *look, const struct lint_statement *statement,
                              const struct lint_action *action, struct arena *arena)
{
    struct there t = {.look = look, .statement = statement, .action = action, .arena = arena};
    if (!can_tell(&t) || (action->flags & LINT_IN_CREATE))
        return (struct lint_answer){0};
    leave_all_free(&t);
    return answer(&t);
}
