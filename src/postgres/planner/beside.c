#include "postgres/planner/beside.h"

#include <string.h>

#include "migration/digest.h"
#include "postgres/format.h"
#include "postgres/planner/marks.h"

enum { TAG_LENGTH = 8 };

/* What a statement touches into which nobody can look. */
static const char unknown[] = "anything";

void beside_versions(struct model *model)
{
    const struct catalog *catalog = model->catalog;
    model->old_version = catalog->current_version ? catalog->current_version
                                                  : arena_printf(model->arena, "%s_base", catalog->schema);
    for (size_t i = 0; i < catalog->n_live; i++) {
        if (strcmp(catalog->live[i].schema, catalog->schema) != 0)
            continue;
        ARENA_PUSH(model->arena, model->older_versions, model->n_older_versions, model->old_version);
        model->old_version = catalog->live[i].new_version;
    }
    /* Functions of all migrations share schema segue. */
    if (catalog->n_live)
        model->tag = arena_strndup(
            model->arena, digest_sha256(model->arena, model->new_version, strlen(model->new_version)),
            TAG_LENGTH);
}

static const struct live_migration *holder(const struct model *model, const char *touch)
{
    for (size_t i = 0; i < model->catalog->n_live; i++) {
        const struct live_migration *live = &model->catalog->live[i];
        for (size_t k = 0; k < live->n_touches; k++)
            if (strcmp(live->touches[k], touch) == 0)
                return live;
    }
    return NULL;
}

static bool refuse_both(const struct model *model, struct place place, const char *touch,
                        const struct live_migration *live, struct error *err)
{
    refuse(model, place, err, "%s is also touched by migration %s, which is under way", touch, live->name);
    return error_hint(err,
                      "migrations that are under way together have no table, type or other object in common: "
                      "segue complete %s, or segue rollback %s, then start this one",
                      live->name, live->name);
}

bool beside_check_table(const struct model *model, struct place place, const char *name, struct error *err)
{
    const char *touch = pg_format(model->arena, "table %Q", model->catalog->schema, name);
    const struct live_migration *live = holder(model, touch);
    return !live || refuse_both(model, place, touch, live, err);
}

static void touch(struct steps *steps, const char *what)
{
    sql_add_name(steps->arena, &steps->plan->touches, &steps->plan->n_touches, what);
}

static void touch_table(struct steps *steps, const char *schema, const char *name)
{
    touch(steps, pg_format(steps->arena, "table %Q", schema ? schema : steps->model->catalog->schema, name));
}

/* The tables that a subquery reads: the function that holds the expression depends on their columns. */
static bool touch_read(struct steps *steps, const struct conversion *conversion, struct error *err)
{
    struct name *relations = NULL;
    size_t n = 0;
    if (!conversion->expr || !conversion->has_subquery)
        return true;
    if (!sql_expr_relations(steps->arena, conversion->expr, &relations, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        touch_table(steps, relations[i].schema, relations[i].name);
    return true;
}

/* A type that another migration makes or changes. Types are written in many ways; only the name at their end counts. */
static void touch_type(struct steps *steps, const struct model_column *column)
{
    if (!column->type || (column->origin && !column->type_changed))
        return;
    const struct catalog *catalog = steps->model->catalog;
    for (size_t i = 0; i < catalog->n_live; i++) {
        for (size_t k = 0; k < catalog->live[i].n_touches; k++) {
            const char *other = catalog->live[i].touches[k];
            const char *dot = strrchr(other, '.');
            if (strncmp(other, "type ", 5) == 0 && dot && strstr(column->type, dot + 1))
                touch(steps, other);
        }
    }
}

static bool touch_model_table(struct steps *steps, const struct model_table *table, struct error *err)
{
    const char *schema = steps->model->catalog->schema;
    touch_table(steps, schema, table->name);
    if (table->origin)
        touch_table(steps, schema, table->origin->name);
    for (size_t i = 0; table->origin && i < table->origin->n_dependents; i++) {
        const struct dependent *dependent = &table->origin->dependents[i];
        touch(steps,
              dependent->schema && dependent->object
                  ? pg_format(steps->arena, "%s %Q", dependent->kind, dependent->schema, dependent->object)
                  : arena_printf(steps->arena, "%s %s", dependent->kind, dependent->name));
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        touch_type(steps, column);
        if (!touch_read(steps, &column->up, err) || !touch_read(steps, &column->down, err) ||
            !touch_read(steps, &column->existing, err))
            return false;
    }
    for (size_t i = 0; i < table->n_indexes; i++)
        if (!table->indexes[i].origin)
            touch(steps, pg_format(steps->arena, "index %Q", schema, table->indexes[i].name));
    return true;
}

static bool is_in_schema(const struct model *model, const char *relation, const char *schema)
{
    const char *prefix = pg_format(model->arena, "%I.", schema);
    return strncmp(relation, prefix, strlen(prefix)) == 0;
}

/* A view of a version belongs to that version's migration alone. */
static bool is_version_view(const struct model *model, const char *relation)
{
    for (size_t i = 0; i < model->n_older_versions; i++)
        if (is_in_schema(model, relation, model->older_versions[i]))
            return true;
    return is_in_schema(model, relation, model->old_version) ||
           is_in_schema(model, relation, model->new_version);
}

static const char *object_word(enum statement_object object)
{
    switch (object) {
    case OBJECT_VIEW: return "view";
    case OBJECT_MATERIALIZED_VIEW: return "materialized view";
    case OBJECT_FUNCTION: return "function";
    case OBJECT_PUBLICATION: return "publication";
    case OBJECT_STATISTICS: return "statistics object";
    default: return "table";
    }
}

/* Statements that run as they stand: what they are about and what they name. Of DO, CALL and their like nobody knows. */
static void touch_statement(struct steps *steps, const struct change *change)
{
    const struct statement_def *def = change->statement;
    if (change->table.name)
        touch_table(steps, change->table.schema, change->table.name);
    for (size_t i = 0; i < def->n_mentions; i++)
        touch_table(steps, def->mentions[i].name.schema, def->mentions[i].name.name);
    for (size_t i = 0; i < def->n_subjects; i++) {
        const struct name *name = &def->subjects[i].name;
        const char *schema = name->schema ? name->schema : steps->model->catalog->schema;
        if (name->name)
            touch(steps, pg_format(steps->arena, "%s %Q", object_word(def->object), schema, name->name));
    }
    if (!def->n_mentions && !def->n_subjects && !change->table.name)
        touch(steps, unknown);
}

static bool collect(struct steps *steps, struct error *err)
{
    struct model *model = steps->model;
    for (size_t i = 0; i < model->n_tables; i++)
        if (model->tables[i].change && !touch_model_table(steps, &model->tables[i], err))
            return false;
    for (size_t i = 0; i < model->types->n; i++) {
        const struct schema_type *type = &model->types->list[i];
        for (size_t k = 0; type->change && k < type->n_names; k++)
            touch(steps, pg_format(steps->arena, "type %Q", model->catalog->schema, type->names[k]));
    }
    for (size_t i = 0; i < model->n_statements; i++)
        touch_statement(steps, model->statements[i].change);
    for (size_t i = 0; i < steps->plan->n_steps; i++) {
        const struct step *step = &steps->plan->steps[i];
        for (size_t k = 0; k < step->n_locks; k++)
            if (!is_version_view(model, step->locks[k].relation) &&
                !marks_lock(model, step->locks[k].relation))
                touch(steps, arena_printf(steps->arena, "table %s", step->locks[k].relation));
    }
    return true;
}

/* Where the file says something about what is touched, or its beginning. */
static struct place place_of(const struct steps *steps, const char *what)
{
    const struct model *model = steps->model;
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *table = &model->tables[i];
        if (table->change && table->real && strncmp(what, "table ", 6) == 0 &&
            strcmp(what + 6, table->real) == 0)
            return table->change->place;
    }
    return (struct place){1, 1};
}

/* Nothing can be said to have nothing in common with a statement of which nobody knows what it touches. */
static bool check_unknown(const struct model *model, const struct plan *plan, struct error *err)
{
    const struct live_migration *live = holder(model, unknown);
    for (size_t i = 0; i < plan->n_touches && !live && model->catalog->n_live; i++)
        if (strcmp(plan->touches[i], unknown) == 0)
            live = &model->catalog->live[0];
    if (!live)
        return true;
    refuse(model, (struct place){1, 1}, err,
           "this migration and %s, which is under way, cannot be told to have nothing in common", live->name);
    return error_hint(
        err, "one of them runs a statement that may touch anything, such as DO: segue complete %s first",
        live->name);
}

bool beside_check_plan(struct steps *steps, struct error *err)
{
    struct plan *plan = steps->plan;
    plan->older_versions = steps->model->older_versions;
    plan->n_older_versions = steps->model->n_older_versions;
    if (!collect(steps, err))
        return false;
    if (!check_unknown(steps->model, plan, err))
        return false;
    for (size_t i = 0; i < plan->n_touches; i++) {
        const struct live_migration *live = holder(steps->model, plan->touches[i]);
        if (live)
            return refuse_both(steps->model, place_of(steps, plan->touches[i]), plan->touches[i], live, err);
    }
    return true;
}
