/* Statements that run as they stand: the stage of each. */
#include <stdint.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/statement.h"

const struct annotation *statement_annotation(const struct model *model, const struct change *change,
                                              enum annotation_kind kind)
{
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        /* The annotation is about all that one statement changes; its text is one for all of that. */
        if (annotation->kind == kind && model->migration->changes[annotation->statement].sql == change->sql)
            return annotation;
    }
    return NULL;
}

static bool outside(const struct model *model, struct name name)
{
    return name.schema && strcmp(name.schema, model->catalog->schema) != 0;
}

static size_t number_of(struct model *model, struct name name)
{
    struct model_table *table = name.name && !outside(model, name) ? model_table(model, name.name) : NULL;
    return table ? (size_t)(table - model->tables) : SIZE_MAX;
}

/* The statement of this file that makes the object, or NULL. */
static const struct model_statement *maker(const struct model *model, enum statement_object object,
                                           const char *name)
{
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct statement_def *def = model->statements[i].change->statement;
        bool makes = def->verb == VERB_CREATE || def->verb == VERB_REPLACE;
        if (makes && def->n_subjects && strcmp(def->subjects[0].name.name, name) == 0 &&
            (object == OBJECT_OTHER || def->object == object))
            return &model->statements[i];
    }
    return NULL;
}

bool statement_is_view(const struct model *model, const char *name)
{
    return maker(model, OBJECT_VIEW, name) || maker(model, OBJECT_MATERIALIZED_VIEW, name) ||
           catalog_view(model->catalog, name);
}

/* Whether some table has the function among what rests on its columns. */
static bool binds_columns(const struct model *model, const char *function)
{
    for (size_t t = 0; t < model->catalog->n_tables; t++) {
        const struct table *table = &model->catalog->tables[t];
        for (size_t i = 0; i < table->n_dependents; i++) {
            if (strcmp(table->dependents[i].kind, "function") == 0 && table->dependents[i].object &&
                strcmp(table->dependents[i].object, function) == 0)
                return true;
        }
    }
    return false;
}

static enum statement_stage stage_at_complete(const struct model *model, const struct statement_def *def)
{
    if (def->object == OBJECT_MATERIALIZED_VIEW && def->verb == VERB_OTHER && def->fills)
        return STAGE_LATE;
    if (def->verb != VERB_DROP || !def->n_subjects || maker(model, def->object, def->subjects[0].name.name))
        return STAGE_BACK;
    switch (def->object) {
    case OBJECT_VIEW:
    case OBJECT_MATERIALIZED_VIEW: return STAGE_AWAY_VIEW;
    case OBJECT_FUNCTION:
        return binds_columns(model, def->subjects[0].name.name) ? STAGE_AWAY_TABLE : STAGE_BACK;
    case OBJECT_TRIGGER:
    case OBJECT_POLICY:
    case OBJECT_STATISTICS:
    case OBJECT_PUBLICATION: return STAGE_AWAY_TABLE;
    default: return STAGE_BACK;
    }
}

/* A function that nothing of the old version knows is made at once: defaults, triggers and checks of the file may use it. One
 * that is bound to tables must wait for their new shape, and one that something rests on has one meaning for both versions. */
static enum statement_place place_function(const struct model *model, const struct statement_def *def)
{
    const struct catalog_function *existing =
        catalog_function(model->catalog, def->subjects[0].name.name, def->n_arguments);
    if (existing)
        return existing->used || def->is_trigger ? STATEMENT_CONTRACT : STATEMENT_VERSIONED;
    bool of_tables = def->bound;
    for (size_t i = 0; i < def->n_types; i++)
        of_tables = of_tables || number_of((struct model *)model, def->types[i]) != SIZE_MAX;
    return of_tables ? STATEMENT_VERSIONED : STATEMENT_EXPAND;
}

static enum statement_place place_of(const struct model *model, const struct change *change)
{
    const struct statement_def *def = change->statement;
    if (statement_annotation(model, change, ANNOTATION_PHASE_EXPAND))
        return STATEMENT_EXPAND;
    if (statement_annotation(model, change, ANNOTATION_PHASE_CONTRACT))
        return STATEMENT_CONTRACT;
    enum statement_place place = def->place;
    if (def->object == OBJECT_FUNCTION && place == STATEMENT_VERSIONED)
        place = place_function(model, def);
    if (def->n_subjects && def->subjects[0].name.name && outside(model, def->subjects[0].name) &&
        place == STATEMENT_VERSIONED)
        return STATEMENT_CONTRACT;
    /* What the file does to an object that it makes in expand is done along with it. */
    const struct model_statement *made =
        def->verb != VERB_CREATE && def->n_subjects && def->subjects[0].name.name
            ? maker(model, def->object, def->subjects[0].name.name)
            : NULL;
    return made && made->stage == STAGE_EXPAND && made->undo && place == STATEMENT_CONTRACT ? STATEMENT_EXPAND
                                                                                            : place;
}

static bool refuse_unplaced(const struct model *model, const struct change *change, struct error *err)
{
    refuse(model, change->place, err, "segue cannot tell when %s is to run", change->statement->what);
    return error_hint(err,
                      "write above it \"-- segue: phase expand\" (before the new version goes live, with "
                      "\"-- segue: undo <sql>\") or \"-- segue: phase contract\" (at complete)");
}

static bool check_exists(const struct model *model, const struct change *change, struct error *err)
{
    const struct statement_def *def = change->statement;
    bool view = def->object == OBJECT_VIEW || def->object == OBJECT_MATERIALIZED_VIEW;
    for (size_t i = 0; view && i < def->n_subjects; i++) {
        struct name name = def->subjects[i].name;
        bool there = outside(model, name) || statement_is_view(model, name.name);
        bool gone = false;
        for (size_t k = 0; k < model->n_statements; k++) {
            const struct statement_def *other = model->statements[k].change->statement;
            for (size_t n = 0; other->verb == VERB_DROP && n < other->n_subjects; n++)
                gone = gone ||
                       (other->object == def->object && strcmp(other->subjects[n].name.name, name.name) == 0);
        }
        if (def->verb == VERB_CREATE && there && !gone && !def->if_not && !outside(model, name))
            return refuse(model, change->place, err, "relation \"%s\" already exists", name.name);
        if (def->verb == VERB_DROP && !there && !def->if_not)
            return refuse(model, change->place, err, "view \"%s\" does not exist in schema \"%s\"", name.name,
                          model->catalog->schema);
    }
    return true;
}

static bool check_table(struct model *model, const struct change *change, size_t number, struct error *err)
{
    const char *name = change->table.name;
    if (!name || outside(model, change->table))
        return true;
    if (number == SIZE_MAX) {
        if (statement_is_view(model, name) || change->statement->if_not)
            return true;
        refuse(model, change->place, err, "table \"%s\" does not exist in schema \"%s\"", name,
               model->catalog->schema);
        return error_hint(err, "check the name, or choose the schema with --schema");
    }
    const struct table *origin = model->tables[number].origin;
    if (!origin || origin->owned)
        return true;
    refuse(model, change->place, err, "role \"%s\" may not change table \"%s\"", model->catalog->user, name);
    return error_hint(err, "connect as the owner \"%s\", or GRANT \"%s\" TO \"%s\"", origin->owner,
                      origin->owner, model->catalog->user);
}

/* Rows are read or written while the tables of the switch are locked. */
static bool check_size(const struct model *model, const struct model_statement *statement, struct error *err)
{
    const struct statement_def *def = statement->change->statement;
    struct place place = statement->change->place;
    if (def->rewrites && statement->table != SIZE_MAX)
        return rewrite_allowed(model, &model->tables[statement->table], place, def->rewrites, err);
    bool fills = def->object == OBJECT_MATERIALIZED_VIEW && def->verb == VERB_CREATE && def->fills;
    for (size_t i = 0; fills && i < def->n_mentions; i++) {
        if (statement->named[i] != SIZE_MAX &&
            !rewrite_scan_allowed(model, &model->tables[statement->named[i]], place, def->what, err))
            return false;
    }
    return true;
}

static bool find_column(struct model *model, const struct change *change, struct model_statement *statement,
                        struct error *err)
{
    statement->column = SIZE_MAX;
    if (!change->column || statement->table == SIZE_MAX)
        return true;
    struct model_table *table = &model->tables[statement->table];
    struct model_column *column = model_column(table, change->column);
    if (!column)
        return refuse(model, change->place, err, "column \"%s\" of table \"%s\" does not exist",
                      change->column, table->name);
    statement->column = (size_t)(column - table->columns);
    return true;
}

/* ALTER DEFAULT PRIVILEGES is about what is made after it; what a file makes, segue makes before `complete`. */
static bool check_default_privileges(const struct model *model, const struct change *change,
                                     struct error *err)
{
    if (strcmp(change->statement->what, "ALTER DEFAULT PRIVILEGES") != 0)
        return true;
    const struct change *end = model->migration->changes + model->migration->n_changes;
    for (const struct change *other = change + 1; other < end; other++) {
        bool makes = other->kind == CHANGE_CREATE_TABLE ||
                     (other->kind == CHANGE_STATEMENT && other->statement->verb == VERB_CREATE);
        if (!makes)
            continue;
        refuse(model, change->place, err, "%s runs at complete, after what the file makes below it",
               change->statement->what);
        return error_hint(err, "put it at the end of the file and GRANT on the new objects, or write "
                               "\"-- segue: phase expand\" with an undo above it");
    }
    return true;
}

bool apply_raw_statement(struct model *model, const struct change *change, struct error *err)
{
    const struct statement_def *def = change->statement;
    struct model_statement statement = {.change = change, .table = number_of(model, change->table)};
    enum statement_place place = place_of(model, change);
    if (place == STATEMENT_UNPLACED)
        return refuse_unplaced(model, change, err);
    size_t *named = arena_alloc(model->arena, (def->n_mentions + 1) * sizeof *named);
    for (size_t i = 0; i < def->n_mentions; i++)
        named[i] = number_of(model, def->mentions[i].name);
    statement.named = named;
    statement.stage = place == STATEMENT_EXPAND ? STAGE_EXPAND : stage_at_complete(model, def);
    statement.versioned = place == STATEMENT_VERSIONED;
    if (!check_exists(model, change, err) || !check_table(model, change, statement.table, err) ||
        !find_column(model, change, &statement, err) ||
        (!change->passing && !check_size(model, &statement, err)) || !statement_check(model, &statement, err))
        return false;
    if (statement.stage == STAGE_EXPAND) {
        if (!statement_undo(model, change, &statement.undo, err))
            return false;
    } else if (!check_default_privileges(model, change, err)) {
        return false;
    }
    ARENA_PUSH(model->arena, model->statements, model->n_statements, statement);
    return true;
}

bool apply_joins_new_table(const struct model *model, const struct change *change)
{
    const struct statement_def *def = change->statement;
    bool expand = statement_annotation(model, change, ANNOTATION_PHASE_EXPAND);
    if (statement_annotation(model, change, ANNOTATION_PHASE_CONTRACT))
        return false;
    /* Many rows are no part of making a table. */
    return def->object != OBJECT_ROWS || (!def->fills && !expand);
}
