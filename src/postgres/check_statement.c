/*
 * Statements that run as they stand, tried in the transaction that is rolled back. What is bound to tables when it is made (a
 * view, a policy, a trigger) is made over empty twins that have the new shape, in a schema of the check's own, so that nothing
 * that exists is locked.
 */
#include <string.h>

#include "base/compare.h"
#include "migration/place.h"
#include "postgres/check_statement.h"
#include "postgres/format.h"
#include "postgres/parse.h"
#include "postgres/planner/planner.h"

bool statement_marked_contract(const struct migration *migration, const struct change *change)
{
    for (size_t i = 0; i < migration->n_annotations; i++) {
        const struct annotation *annotation = &migration->annotations[i];
        if (annotation->kind == ANNOTATION_PHASE_CONTRACT &&
            migration->changes[annotation->statement].sql == change->sql)
            return true;
    }
    return false;
}

static bool makes(const struct statement_def *def)
{
    return def->verb == VERB_CREATE || def->verb == VERB_REPLACE;
}

/* Whether expand makes it, and the file's expressions may use it. */
static bool is_early(const struct check_run *run, const struct change *change)
{
    if (change->kind != CHANGE_STATEMENT || statement_marked_contract(run->migration, change))
        return false;
    const struct statement_def *def = change->statement;
    if (!makes(def))
        return false;
    if (def->object == OBJECT_FUNCTION)
        return !def->bound && !catalog_function(run->catalog, def->subjects[0].name.name, def->n_arguments);
    return def->object == OBJECT_SCHEMA || def->object == OBJECT_EXTENSION || def->object == OBJECT_SEQUENCE;
}

bool check_statements_early(struct check_run *run, struct error *err)
{
    if (!session_run(run->session, "SET LOCAL check_function_bodies = off", err))
        return false;
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        bool done;
        /* What fails for now, as a function of a table that is not there yet, is left to expand itself. */
        if (is_early(run, &run->migration->changes[i]) &&
            !check_try(run, run->migration->changes[i].sql, &done, err))
            return false;
    }
    return true;
}

static bool outside(const struct check_run *run, struct name name)
{
    return name.schema && strcmp(name.schema, run->catalog->schema) != 0;
}

static bool make_twin(struct statement_trial *trial, const struct check_table *table, struct error *err)
{
    const char *name = table->name[CHECK_NEW];
    if (name_is_among(trial->twins, trial->n_twins, name))
        return true;
    ARENA_PUSH(trial->run->arena, trial->twins, trial->n_twins, name);
    return check_scratch_create(trial->run, table, (struct name){TRIAL_SCHEMA, name}, err);
}

/* What a function's body names is not known: it finds every table that the file changes. */
static bool make_changed_twins(struct statement_trial *trial, struct error *err)
{
    for (const struct check_table *table = trial->run->shapes.tables; table; table = table->next) {
        if (table->changed && table->name[CHECK_NEW] && !table->created && !make_twin(trial, table, err))
            return false;
    }
    return true;
}

/* What a table that the statement names is called when the file is through. */
static struct name final_name(const struct check_run *run, const struct change *change, struct name name)
{
    const struct change *end = run->migration->changes + run->migration->n_changes;
    for (const struct change *other = change + 1; name.name && other < end; other++) {
        if (other->kind == CHANGE_RENAME_TABLE && !outside(run, name) && !outside(run, other->table) &&
            strcmp(other->table.name, name.name) == 0)
            name.name = other->new_name;
    }
    return name;
}

/* A twin of each table of the schema that the statement names. *possible: there is one of each, or it is a new table itself. */
static bool make_twins(struct statement_trial *trial, const struct change *change, bool *possible,
                       struct error *err)
{
    struct check_run *run = trial->run;
    const struct statement_def *def = change->statement;
    *possible = true;
    for (size_t i = 0; i < def->n_mentions; i++) {
        struct name name = final_name(run, change, def->mentions[i].name);
        const struct check_table *table = check_shapes_table(&run->shapes, name, CHECK_NEW);
        if (table && table->created)
            *possible = *possible && !table->untried;
        if (!table || table->created) {
            bool view = name_is_among(trial->views, trial->n_views, name.name);
            *possible =
                *possible && (table || view || def->object == OBJECT_VIEW || def->object == OBJECT_FUNCTION ||
                              (outside(run, name) && def->object != OBJECT_PRIVILEGE));
            continue;
        }
        if (!make_twin(trial, table, err))
            return false;
    }
    return true;
}

static bool has_stand_in(const struct statement_trial *trial, const char *name)
{
    return name_is_among(trial->twins, trial->n_twins, name) ||
           name_is_among(trial->views, trial->n_views, name);
}

/* Names that are qualified by the schema, or that the file changes below, become those of the twins. */
static const char *retarget(struct statement_trial *trial, const struct change *change)
{
    struct check_run *run = trial->run;
    const struct statement_def *def = change->statement;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t at = 0;
    bool edited = false;
    for (size_t i = 0; i <= def->n_mentions + def->n_subjects; i++) {
        /* The place behind `at` that comes first among subject and mentions. */
        const struct statement_mention *next = NULL;
        for (size_t k = 0; k < def->n_mentions + def->n_subjects; k++) {
            const struct statement_mention *mention =
                k < def->n_mentions ? &def->mentions[k] : &def->subjects[k - def->n_mentions];
            bool subject = k >= def->n_mentions;
            struct name final = final_name(run, change, mention->name);
            bool other = mention->name.schema ? !outside(run, mention->name)
                                              : !subject && strcmp(final.name, mention->name.name) != 0;
            if (other && (subject || has_stand_in(trial, final.name)) && mention->end &&
                mention->begin >= at && (!next || mention->begin < next->begin))
                next = mention;
        }
        if (!next)
            break;
        text_append_n(&out, change->sql + at, next->begin - at);
        bool subject = next >= def->subjects && next < def->subjects + def->n_subjects;
        struct name name = subject ? next->name : final_name(run, change, next->name);
        pg_append(&out, "%Q", TRIAL_SCHEMA, name.name);
        at = next->end;
        edited = true;
    }
    text_append(&out, change->sql + at);
    return edited ? arena_strdup(run->arena, out.data) : change->sql;
}

static bool run_trial(struct statement_trial *trial, const struct change *change, const char *sql,
                      struct error *err)
{
    struct check_run *run = trial->run;
    bool done;
    bool tried = check_try(run, sql, &done, err);
    /* A label that the file adds is not there yet. */
    if (tried && (done || (strcmp(err->sqlstate, "22P02") == 0 && check_grows_enum(run->migration))))
        return true;
    bool same = sql == change->sql && err->position;
    check_refuse(run,
                 same ? place_after(change->sql, change->place, 0, parse_byte_offset(sql, err->position))
                      : change->place,
                 err);
    check_scratch_unname(err);
    return false;
}

/* CREATE OR REPLACE VIEW must keep the columns that the view has: an empty one of the same columns stands in for it. */
static bool stand_in(struct statement_trial *trial, const struct change *change, struct error *err)
{
    struct check_run *run = trial->run;
    const struct statement_def *def = change->statement;
    const char *name = def->n_subjects ? def->subjects[0].name.name : "";
    bool done;
    if (def->object != OBJECT_VIEW || def->verb != VERB_REPLACE || !catalog_view(run->catalog, name) ||
        name_is_among(trial->views, trial->n_views, name))
        return true;
    for (const struct change *other = run->migration->changes; other < change; other++) {
        if (other->kind == CHANGE_STATEMENT && other->statement->verb == VERB_DROP)
            return true;
    }
    return check_try(run,
                     pg_format(run->arena, "CREATE VIEW %Q AS SELECT * FROM %Q", TRIAL_SCHEMA, name,
                               run->catalog->schema, name),
                     &done, err);
}

/* What can be tried: it is bound to tables, and locks no other than the twins. */
static bool can_try(const struct check_run *run, const struct change *change)
{
    if (change->kind != CHANGE_STATEMENT || change->passing)
        return false;
    const struct statement_def *def = change->statement;
    bool made = makes(def) && def->n_subjects && !outside(run, def->subjects[0].name);
    switch (def->object) {
    case OBJECT_VIEW: return made;
    case OBJECT_FUNCTION:
        return made &&
               (def->bound || catalog_function(run->catalog, def->subjects[0].name.name, def->n_arguments));
    case OBJECT_TABLE: return !change->object || def->rewrites;
    case OBJECT_MATERIALIZED_VIEW:
    case OBJECT_TRIGGER:
    case OBJECT_POLICY:
    case OBJECT_STATISTICS: return made;
    case OBJECT_PRIVILEGE: return def->n_mentions > 0;
    default: return false;
    }
}

/* What the file drops above the statement under the same name goes first. *gone: nothing holds on to it. */
static bool drop_before(struct check_run *run, const struct change *change, bool *gone, struct error *err)
{
    const char *name = change->statement->subjects[0].name.name;
    *gone = true;
    for (const struct change *other = run->migration->changes; *gone && other < change; other++) {
        const struct statement_def *def = other->kind == CHANGE_STATEMENT ? other->statement : NULL;
        bool same = def && def->object == OBJECT_FUNCTION && def->verb == VERB_DROP && def->n_subjects &&
                    strcmp(def->subjects[0].name.name, name) == 0;
        if (same && !check_try(run, other->sql, gone, err))
            return false;
    }
    return true;
}

/* A function keeps its result type and its arguments' names when it is replaced; nothing but its own row is locked. */
static bool try_replacement(struct check_run *run, const struct change *change, struct error *err)
{
    const struct statement_def *def = change->statement;
    struct statement_trial trial = {.run = run};
    bool gone;
    if (def->object != OBJECT_FUNCTION || def->bound)
        return true;
    return check_try_begin(run, err) &&
           session_run(run->session, "SET LOCAL check_function_bodies = off", err) &&
           drop_before(run, change, &gone, err) && (!gone || run_trial(&trial, change, change->sql, err)) &&
           check_try_end(run, false, err);
}

static bool def_is_clause(const struct change *change)
{
    return change->statement->object == OBJECT_TABLE;
}

/* A command of ALTER TABLE, on a table as it is after the whole file. */
static bool try_clause(struct statement_trial *trial, const struct change *change,
                       const struct check_table *table, struct error *err)
{
    const struct statement_def *def = change->statement;
    struct check_run *run = trial->run;
    const char *name = table->name[CHECK_NEW];
    /* Replica identity needs its index, and a column may have another name by the end of the file. */
    if (!name || def->column_head || strncmp(def->clause, "REPLICA", 7) == 0)
        return true;
    return make_twin(trial, table, err) &&
           run_trial(trial, change,
                     pg_format(run->arena, "ALTER TABLE %Q %s", TRIAL_SCHEMA, name, def->clause), err);
}

static bool try_statement(struct statement_trial *trial, const struct change *change, struct error *err)
{
    struct check_run *run = trial->run;
    bool possible;
    const struct check_table *table =
        change->table.name
            ? check_shapes_table(&run->shapes, final_name(run, change, change->table), CHECK_NEW)
            : NULL;
    /* What is about a new table was tried along with it. */
    if (!can_try(run, change) || (table && table->created))
        return true;
    if (def_is_clause(change))
        return !table || try_clause(trial, change, table, err);
    if (!make_twins(trial, change, &possible, err))
        return false;
    if (!possible || !stand_in(trial, change, err))
        return possible ? false : true;
    const char *path = pg_format(
        run->arena, "SET LOCAL search_path TO %I, %s; SET LOCAL check_function_bodies = %s", TRIAL_SCHEMA,
        pg_identifier_list(run->arena, run->catalog->search_path, run->catalog->n_search_path),
        strstr(change->sql, "search_path") ? "off" : "on");
    const char *back =
        pg_format(run->arena, "SET LOCAL search_path TO %s; SET LOCAL check_function_bodies = off",
                  pg_identifier_list(run->arena, run->catalog->search_path, run->catalog->n_search_path));
    const char *sql = retarget(trial, change);
    struct error found;
    if (!session_run(run->session, path, err) || !statement_try_copy(trial, change, sql, &found, err) ||
        !run_trial(trial, change, sql, err) || !statement_refuse_copy(trial, change, &found, err) ||
        !session_run(run->session, back, err) || !try_replacement(run, change, err))
        return false;
    if (change->statement->object == OBJECT_VIEW || change->statement->object == OBJECT_MATERIALIZED_VIEW)
        ARENA_PUSH(run->arena, trial->views, trial->n_views, change->statement->subjects[0].name.name);
    return true;
}

bool check_statements(struct check_run *run, struct error *err)
{
    struct statement_trial trial = {.run = run};
    bool any = false;
    for (size_t i = 0; i < run->migration->n_changes; i++)
        any = any || can_try(run, &run->migration->changes[i]);
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        if (!check_block(run, &run->migration->changes[i], err))
            return false;
    }
    if (!any)
        return true;
    if (!pg_plan_views(run->arena, run->given, run->catalog, &trial.seen, &trial.n_seen, err) ||
        !session_run(run->session, "CREATE SCHEMA " TRIAL_SCHEMA, err) || !make_changed_twins(&trial, err))
        return false;
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        if (!try_statement(&trial, &run->migration->changes[i], err))
            return false;
    }
    return true;
}
