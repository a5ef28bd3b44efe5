/* The texts of statements: under the final names, and for the new version alone. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/statement.h"

/* Whether the new version has a view of that name in its schema, of a changed table or of the file's own. */
static bool is_live(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *table = &model->tables[i];
        if (table->origin && table->versioned && !table->dropped && strcmp(table->name, name) == 0)
            return true;
    }
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct model_statement *statement = &model->statements[i];
        if (statement->versioned && strcmp(statement->change->statement->subjects[0].name.name, name) == 0)
            return true;
    }
    return false;
}

/* What a mention is to be called instead, or NULL when it stays as written. live: for the new version alone. */
static const char *other_name(const struct model *model, const struct model_statement *statement, size_t i,
                              bool live)
{
    const struct statement_mention *mention = &statement->change->statement->mentions[i];
    const char *schema = mention->name.schema;
    const char *name = mention->name.name;
    if (schema && strcmp(schema, model->catalog->schema) != 0)
        return NULL;
    if (statement->named[i] != SIZE_MAX)
        name = model->tables[statement->named[i]].name;
    if (live && is_live(model, name))
        return pg_format(model->arena, "%Q", model->new_version, name);
    bool renamed = strcmp(name, mention->name.name) != 0;
    return renamed ? pg_format(model->arena, "%Q", schema, name) : NULL;
}

struct splice {
    struct text out;
    const char *sql;
    size_t at;
};

static void replace(struct splice *splice, size_t begin, size_t end, const char *with)
{
    text_append_n(&splice->out, splice->sql + splice->at, begin - splice->at);
    text_append(&splice->out, with);
    splice->at = end;
}

static const char *text_of(struct model *model, const struct model_statement *statement, bool live)
{
    const struct statement_def *def = statement->change->statement;
    const struct statement_mention *subject = def->n_subjects ? &def->subjects[0] : NULL;
    struct splice splice = {.sql = statement->change->sql};
    bool named = !live || !subject || !subject->end;
    for (size_t i = 0; i < def->n_mentions; i++) {
        const struct statement_mention *mention = &def->mentions[i];
        if (!named && subject->begin < mention->begin) {
            replace(&splice, subject->begin, subject->end,
                    pg_format(model->arena, "%Q", model->new_version, subject->name.name));
            named = true;
        }
        const char *name = other_name(model, statement, i, live);
        if (name)
            replace(&splice, mention->begin, mention->end, name);
    }
    if (!named)
        replace(&splice, subject->begin, subject->end,
                pg_format(model->arena, "%Q", model->new_version, subject->name.name));
    text_append(&splice.out, splice.sql + splice.at);
    const char *sql = arena_strdup(model->arena, text_string(&splice.out));
    text_free(&splice.out);
    return sql;
}

/* A command of ALTER TABLE, under the final names of the table and its column. */
static const char *alter_table(struct model *model, const struct model_statement *statement)
{
    const struct change *change = statement->change;
    const struct statement_def *def = change->statement;
    if (statement->table == SIZE_MAX)
        return change->sql;
    const struct model_table *table = &model->tables[statement->table];
    const char *name = pg_format(model->arena, "%Q", model->catalog->schema, table->name);
    if (!def->column_head)
        return pg_format(model->arena, "ALTER TABLE %s %s", name, def->clause);
    return pg_format(model->arena, "ALTER TABLE %s ALTER COLUMN %I %s", name,
                     table->columns[statement->column].name, def->column_head);
}

/* What goes before the tables change names them as they are called until then. */
static const char *drop_on_table(struct model *model, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    if (statement->table == SIZE_MAX || !model->tables[statement->table].origin ||
        (def->object != OBJECT_TRIGGER && def->object != OBJECT_POLICY))
        return statement->change->sql;
    return pg_format(model->arena, "DROP %s %s%I ON %Q", def->object == OBJECT_TRIGGER ? "TRIGGER" : "POLICY",
                     def->if_not ? "IF EXISTS " : "", def->subjects[0].name.name, model->catalog->schema,
                     model->tables[statement->table].origin->name);
}

static void add_live(struct model *model, struct model_statement *statement, const char *sql)
{
    ARENA_PUSH(model->arena, statement->live, statement->n_live, sql);
}

static void copy_grants(struct model *model, struct model_statement *statement, const char *on,
                        const char *const *grants, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *to = strstr(grants[i], " TO ");
        if (to)
            add_live(model, statement,
                     pg_format(model->arena, "GRANT %s ON %s%s",
                               arena_strndup(model->arena, grants[i], (size_t)(to - grants[i])), on, to));
    }
}

/* Functions of the new version's own schema are told by their name where there is one of it: the types of their arguments may be
 * its views, which are not on the search path when they are dropped. */
static bool is_overloaded(const struct model *model, const struct model_statement *statement)
{
    const char *name = statement->change->statement->subjects[0].name.name;
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct model_statement *other = &model->statements[i];
        if (other != statement && other->versioned && other->change->statement->object == OBJECT_FUNCTION &&
            strcmp(other->change->statement->subjects[0].name.name, name) == 0)
            return true;
    }
    return false;
}

/* A copy has the rights that the object has, which CREATE OR REPLACE leaves as they are. */
static void live_object(struct model *model, struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    const struct statement_mention *subject = &def->subjects[0];
    const char *name = pg_format(model->arena, "%Q", model->new_version, subject->name.name);
    add_live(model, statement, text_of(model, statement, true));
    if (def->object == OBJECT_FUNCTION) {
        const struct catalog_function *function =
            catalog_function(model->catalog, subject->name.name, def->n_arguments);
        const char *own = pg_format(model->arena, "%s%s", name, def->signature);
        statement->live_drop =
            pg_format(model->arena, "ROUTINE %s", is_overloaded(model, statement) ? own : name);
        if (function && function->restricted) {
            add_live(model, statement, pg_format(model->arena, "REVOKE ALL ON ROUTINE %s FROM PUBLIC", own));
            copy_grants(model, statement, pg_format(model->arena, "ROUTINE %s", own), function->grants,
                        function->n_grants);
        }
        return;
    }
    const struct catalog_view *view = catalog_view(model->catalog, subject->name.name);
    statement->live_drop = pg_format(
        model->arena, "%s %s", def->object == OBJECT_MATERIALIZED_VIEW ? "MATERIALIZED VIEW" : "VIEW", name);
    if (def->verb == VERB_REPLACE && view)
        copy_grants(model, statement, name, view->grants, view->n_grants);
}

/* GRANT or REVOKE on the tables named in the list, or NULL when it is empty. */
static const char *privilege_on(struct model *model, const struct change *change, const struct text *names)
{
    const struct statement_def *def = change->statement;
    if (!names->length)
        return NULL;
    return pg_format(model->arena, "%s%s%s", arena_strndup(model->arena, change->sql, def->mentions[0].begin),
                     names->data, change->sql + def->mentions[def->n_mentions - 1].end);
}

/* GRANT or REVOKE without the tables that the file drops below it. */
static const char *privilege_on_kept(struct model *model, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < def->n_mentions; i++) {
        struct name name = def->mentions[i].name;
        const char *other = other_name(model, statement, i, false);
        if (!statement_names_dropped(model, statement, i))
            pg_append(&names, "%s%s", names.length ? ", " : "",
                      other ? other : pg_format(model->arena, "%Q", name.schema, name.name));
    }
    return privilege_on(model, statement->change, &names);
}

/* GRANT on tables and views that the new version sees as views of its own. */
static void live_grant(struct model *model, struct model_statement *statement)
{
    const struct change *change = statement->change;
    const struct statement_def *def = change->statement;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < def->n_mentions; i++) {
        const char *name = def->mentions[i].name.name;
        if (def->mentions[i].name.schema && strcmp(def->mentions[i].name.schema, model->catalog->schema) != 0)
            continue;
        if (statement->named[i] != SIZE_MAX)
            name = model->tables[statement->named[i]].name;
        if (is_live(model, name))
            pg_append(&names, "%s%Q", names.length ? ", " : "", model->new_version, name);
    }
    const char *sql = privilege_on(model, change, &names);
    if (sql)
        add_live(model, statement, sql);
}

/* All that statements name switches in one transaction with them. */
static void join_tables(struct model *model, size_t *holder, size_t number)
{
    struct model_table *table = number == SIZE_MAX ? NULL : &model->tables[number];
    if (!table || !table->origin || !table->change)
        return;
    if (*holder == SIZE_MAX) {
        *holder = number;
        model_join_tables(model, table, table);
    } else {
        model_join_tables(model, &model->tables[*holder], table);
    }
}

static void join_dependents(struct model *model, size_t *holder, const struct model_statement *statement)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct table *origin = model->tables[t].origin;
        for (size_t i = 0; origin && i < origin->n_dependents; i++) {
            const struct dependent *dependent = &origin->dependents[i];
            const struct statement_def *def = statement->change->statement;
            for (size_t n = 0; dependent->object && n < def->n_subjects; n++) {
                if (strcmp(dependent->object, def->subjects[n].name.name) == 0)
                    join_tables(model, holder, t);
            }
        }
    }
}

/* A statement below a DROP TABLE may count on it. */
static void join_dropped(struct model *model, size_t *holder, const struct model_statement *statement)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        if (table->origin && table->dropped && table->change < statement->change)
            join_tables(model, holder, t);
    }
}

static void join_all(struct model *model)
{
    size_t holder = SIZE_MAX;
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct model_statement *statement = &model->statements[i];
        if (statement->stage == STAGE_EXPAND || statement->stage == STAGE_LATE)
            continue;
        join_tables(model, &holder, statement->table);
        for (size_t k = 0; k < statement->change->statement->n_mentions; k++)
            join_tables(model, &holder, statement->named[k]);
        join_dependents(model, &holder, statement);
        join_dropped(model, &holder, statement);
    }
    model->statement_table = holder == SIZE_MAX ? NULL : &model->tables[holder];
}

/* What the file makes and drops again is never made. */
static void leave_out_passing(struct model *model)
{
    size_t kept = 0;
    for (size_t i = 0; i < model->n_statements; i++) {
        if (!model->statements[i].change->passing)
            model->statements[kept++] = model->statements[i];
    }
    model->n_statements = kept;
}

bool statement_resolve(struct model *model, struct error *err)
{
    leave_out_passing(model);
    for (size_t i = 0; i < model->n_statements; i++) {
        struct model_statement *statement = &model->statements[i];
        const struct statement_def *def = statement->change->statement;
        bool privilege =
            def->object == OBJECT_PRIVILEGE && statement->stage != STAGE_EXPAND && def->n_mentions;
        if (!statement_check_names(model, statement, err))
            return false;
        statement->sql = statement->stage == STAGE_AWAY_TABLE ? drop_on_table(model, statement)
                         : statement->stage == STAGE_EXPAND   ? statement->change->sql
                         : privilege                          ? privilege_on_kept(model, statement)
                         : def->clause                        ? alter_table(model, statement)
                                                              : text_of(model, statement, false);
        if (statement->versioned)
            live_object(model, statement);
        else if (privilege && def->grants)
            live_grant(model, statement);
    }
    join_all(model);
    return true;
}

static const char *kind_of(enum statement_object object)
{
    switch (object) {
    case OBJECT_VIEW: return "view";
    case OBJECT_MATERIALIZED_VIEW: return "materialized view";
    case OBJECT_FUNCTION: return "function";
    case OBJECT_TRIGGER: return "trigger";
    case OBJECT_POLICY: return "policy";
    case OBJECT_STATISTICS: return "statistics object";
    case OBJECT_PUBLICATION: return "publication";
    default: return "";
    }
}

bool statement_drops(const struct model *model, const struct dependent *dependent,
                     const struct change *change)
{
    for (size_t i = 0; i < model->n_statements && dependent->object; i++) {
        const struct model_statement *statement = &model->statements[i];
        const struct statement_def *def = statement->change->statement;
        bool away = statement->stage == STAGE_AWAY_VIEW || statement->stage == STAGE_AWAY_TABLE;
        if (!away || statement->change > change || strcmp(kind_of(def->object), dependent->kind) != 0)
            continue;
        for (size_t n = 0; n < def->n_subjects; n++) {
            const char *schema = def->subjects[n].name.schema;
            if (strcmp(def->subjects[n].name.name, dependent->object) == 0 &&
                (!schema || !dependent->schema || strcmp(schema, dependent->schema) == 0))
                return true;
        }
    }
    return false;
}
