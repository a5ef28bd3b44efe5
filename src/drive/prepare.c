/* What a crew knows before its workers begin: the shapes of its tables, their statements, the rows that nobody deletes. */
#include "drive/drive_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive/stock.h"
#include "drive/trial.h"

bool crew_open(const struct crew *crew, struct session **out, struct error *err)
{
    const struct drive_settings *settings = &crew->drive->settings;
    struct session_settings session = {
        .url = settings->url,
        .application_name = crew->version == DRIVE_OLD ? "segue drive old" : "segue drive new",
        .search_path = crew->path,
    };
    return settings->engine->open(&session, out, err);
}

static bool read_target(struct crew *crew, struct session *session, const char *name, struct error *err)
{
    struct drive *drive = crew->drive;
    struct target target = {0};
    if (!shape_read(session, crew->arena, name, drive->overrides[crew->version],
                    drive->n_overrides[crew->version], &target.shape, err))
        return false;
    if (!target.shape && crew->version == DRIVE_OLD && drive->settings.n_tables)
        return error_set(err, ERROR_USAGE, "the old version has no table \"%s\"", name);
    if (!target.shape) {
        drive_note(drive, "%s is not there for the %s version", name,
                   crew->version == DRIVE_OLD ? "old" : "new");
        return true;
    }
    target.shape->path = crew->path;
    target.shape->path_bare = drive->path_bare;
    ARENA_PUSH(crew->arena, crew->targets, crew->n_targets, target);
    return true;
}

/* Whether the target refers to a table of the crew's that is not done yet, other than itself. */
static bool must_wait(const struct crew *crew, const struct target *target, const bool *done)
{
    for (size_t f = 0; f < target->shape->n_foreign; f++) {
        for (size_t i = 0; i < crew->n_targets; i++) {
            const struct shape *other = crew->targets[i].shape;
            if (!done[i] && other != target->shape &&
                strcmp(other->base, target->shape->foreign[f].ref_table) == 0)
                return true;
        }
    }
    return false;
}

/* The next target in the order of foreign keys; in a circle, the first one left. */
static size_t next_target(const struct crew *crew, const bool *done)
{
    size_t first = crew->n_targets;
    for (size_t i = 0; i < crew->n_targets; i++) {
        if (done[i])
            continue;
        if (first == crew->n_targets)
            first = i;
        if (!must_wait(crew, &crew->targets[i], done))
            return i;
    }
    return first;
}

static bool finish_target(struct crew *crew, struct session *session, size_t number, struct error *err)
{
    struct target *target = &crew->targets[number];
    struct shape *shape = target->shape;
    bool old = crew->version == DRIVE_OLD;
    struct maker maker = {
        .state = crew->drive->run * 1000 + number + 1,
        .session = session,
        .counter = &crew->drive->counter,
        .run = crew->drive->run,
        .null_percent = crew->drive->settings.null_percent,
    };
    if (!stock_fill_pools(crew, session, shape, err))
        return false;
    bool fresh = !stock_find(crew->drive, shape->base);
    statements_make(crew->arena, shape, number, old, &target->statements);
    if (!target_prepare(session, target, err) || !trial_run(crew, session, &maker, target, err))
        return false;
    if (!stock_choose(crew->drive, session, shape, err))
        return false;
    const struct stock *stock = stock_find(crew->drive, shape->base);
    if (fresh && shape->n_key && stock->n_rows < SEED_ROWS && !(shape->off & OFF_INSERT)) {
        if (!trial_seed(session, &maker, target, SEED_ROWS - stock->n_rows, err) ||
            !stock_again(crew->drive, session, shape, err))
            return false;
    }
    if (shape->off_reason)
        drive_note(crew->drive, "%s, %s version: not all kinds of statements are run: %s", shape->name,
                   old ? "old" : "new", shape->off_reason);
    if (!shape->n_key)
        drive_note(crew->drive,
                   "%s, %s version: no primary key or unique NOT NULL columns: rows are only added",
                   shape->name, old ? "old" : "new");
    statements_make(crew->arena, shape, number, old, &target->statements);
    return stock_bind(crew, session, target, err) && trial_hot(session, target, err);
}

bool crew_prepare(struct crew *crew, struct session *session, const char *const *names, size_t n_names,
                  struct error *err)
{
    for (size_t i = 0; i < n_names; i++)
        if (!read_target(crew, session, names[i], err))
            return false;
    bool *done = arena_alloc(crew->arena, (crew->n_targets + 1) * sizeof *done);
    for (size_t i = 0; i < crew->n_targets; i++) {
        size_t next = next_target(crew, done);
        if (!finish_target(crew, session, next, err))
            return false;
        done[next] = true;
    }
    return true;
}

static void compare_target(struct crew *crew, struct target *target, size_t number, const struct plan *plan,
                           const char *agree)
{
    const char *path = plan->search_path && *plan->search_path ? plan->search_path : crew->drive->path_bare;
    if (statement_agree(crew->arena, target->shape, number, agree, path, &target->agree))
        favour_prepare(crew, target, plan, agree);
}

void crew_compare(struct crew *crew, const struct plan *plan)
{
    for (size_t i = 0; i < crew->n_targets; i++) {
        struct target *target = &crew->targets[i];
        for (size_t t = 0; t < plan->n_tables; t++) {
            const struct plan_table *table = &plan->tables[t];
            const char *name = crew->version == DRIVE_OLD ? table->name : table->new_name;
            if (name && strcmp(target->shape->name, name) == 0)
                compare_target(crew, target, i, plan, table->agree);
        }
    }
}
