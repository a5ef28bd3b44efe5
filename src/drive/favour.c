#include "drive/favour.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "drive/drive_internal.h"

enum { ASK_ONE_IN = 12, PATIENCE_US = 1000000, NAP_US = 1000 };

/* --- Columns that the migration has nothing to do with --- */

static bool is_word_character(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool mentions(const char *sql, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strstr(sql, name); at; at = strstr(at + 1, name))
        if (name[0] == '"' || ((at == sql || !is_word_character(at[-1])) && !is_word_character(at[length])))
            return true;
    return false;
}

/* Whatever converts a row is a function or a trigger: a column that none of them mentions has no part in it. */
static bool is_converted(const struct plan *plan, const char *name)
{
    for (size_t s = 0; s < plan->n_steps; s++) {
        const struct step *step = &plan->steps[s];
        for (size_t i = 0; i < step->n_acts; i++)
            if ((strstr(step->acts[i], "FUNCTION") || strstr(step->acts[i], "TRIGGER")) &&
                mentions(step->acts[i], name))
                return true;
    }
    return false;
}

void favour_prepare(struct crew *crew, struct target *target, const struct plan *plan, const char *agree)
{
    const struct shape *shape = target->shape;
    target->unrelated = arena_alloc(crew->arena, shape->n_columns * sizeof *target->unrelated);
    for (size_t i = 0; i < shape->n_columns; i++) {
        const struct shape_column *column = &shape->columns[i];
        target->unrelated[i] = shape_updates(column) && column->base_quoted && !column->grouped &&
                               column->foreign < 0 && !column->supply &&
                               !mentions(agree, column->base_quoted) &&
                               !is_converted(plan, column->base_quoted);
    }
}

static int unrelated_column(struct worker *worker, const struct target *target)
{
    size_t n = target->shape->n_columns;
    size_t start = maker_random(&worker->maker, n);
    for (size_t i = 0; i < n; i++)
        if (target->unrelated[(start + i) % n])
            return (int)((start + i) % n);
    return -1;
}

/* --- The asker's side --- */

static void ask(struct worker *worker)
{
    struct favour *favour = &worker->favour;
    struct crew *crew = worker->crew;
    if (!crew->n_targets)
        return;
    size_t number = maker_random(&worker->maker, crew->n_targets);
    const struct target *target = &crew->targets[number];
    struct holding *own = &worker->own[number];
    if (!target->unrelated || !own->n)
        return;
    favour->column = unrelated_column(worker, target);
    if (favour->column < 0)
        return;
    size_t lent = maker_random(&worker->maker, own->n);
    favour->target = number;
    favour->row = own->rows[lent];
    own->rows[lent] = own->rows[--own->n];
    row_forget(&favour->row, (size_t)favour->column);
    favour->asked_us = clock_us();
    atomic_store(&favour->state, FAVOUR_ASKED);
}

static void take_back(struct worker *worker)
{
    struct favour *favour = &worker->favour;
    struct holding *own = &worker->own[favour->target];
    own->rows[own->n++] = favour->row;
    favour->row = (struct row){0};
    atomic_store(&favour->state, FAVOUR_FREE);
}

void favour_tend(struct worker *worker)
{
    struct favour *favour = &worker->favour;
    int state = atomic_load(&favour->state);
    if (state == FAVOUR_FREE && atomic_load(&worker->crew->drive->overlap) == OVERLAP_NOW &&
        maker_random(&worker->maker, ASK_ONE_IN) == 0)
        ask(worker);
    if (state == FAVOUR_DONE) {
        check_own(worker, favour->target, &favour->row);
        check_agree(worker, favour->target, &favour->row);
        take_back(worker);
    }
    int asked = FAVOUR_ASKED;
    if (state == FAVOUR_ASKED && clock_us() - favour->asked_us > PATIENCE_US &&
        atomic_compare_exchange_strong(&favour->state, &asked, FAVOUR_TAKEN))
        take_back(worker);
}

void favour_end(struct worker *worker)
{
    struct favour *favour = &worker->favour;
    int asked = FAVOUR_ASKED;
    if (atomic_load(&favour->state) == FAVOUR_FREE)
        return;
    /* Either nobody has it, or the helper will soon be done. */
    while (!atomic_compare_exchange_strong(&favour->state, &asked, FAVOUR_DONE) && asked != FAVOUR_DONE) {
        asked = FAVOUR_ASKED;
        clock_sleep_us(NAP_US);
    }
    take_back(worker);
}

/* --- The helper's side --- */

static const struct target *same_table(const struct crew *crew, const struct shape *shape)
{
    for (size_t i = 0; i < crew->n_targets; i++)
        if (strcmp(crew->targets[i].shape->base, shape->base) == 0)
            return &crew->targets[i];
    return NULL;
}

/* The column of this shape that is the same as one of the other version's, or -1. */
static int same_column(const struct shape *shape, const struct shape_column *other)
{
    for (size_t i = 0; i < shape->n_columns && other->base_quoted; i++)
        if (shape->columns[i].base_quoted && strcmp(shape->columns[i].base_quoted, other->base_quoted) == 0)
            return (int)i;
    return -1;
}

static const struct statement *update_of(const struct target *target, int column)
{
    const struct statements *statements = &target->statements;
    for (size_t i = 0; i < statements->count[UPDATE_ONE]; i++) {
        const struct statement *statement = &statements->all[statements->first[UPDATE_ONE] + i];
        if (statement->changes[0] == column)
            return statement;
    }
    return NULL;
}

/* The lent row's key as this version names it; false when the versions have no key in common. */
static bool translate_key(const struct shape *mine, const struct shape *theirs, const struct row *lent,
                          struct row *row)
{
    for (size_t i = 0; i < mine->n_key; i++) {
        int column = same_column(theirs, &mine->columns[mine->key[i]]);
        if (column < 0 || !lent->known[column])
            return false;
        row_set(row, (size_t)mine->key[i], value_copy(lent->values[column]));
    }
    return mine->n_key > 0;
}

static bool help(struct worker *worker, const struct crew *other, const struct favour *favour)
{
    const struct shape *theirs = other->targets[favour->target].shape;
    const struct target *target = same_table(worker->crew, theirs);
    if (!target)
        return false;
    int column = same_column(target->shape, &theirs->columns[favour->column]);
    const struct statement *statement = column < 0 ? NULL : update_of(target, column);
    struct row row = row_new(target->shape->n_columns);
    bool sent = statement && translate_key(target->shape, theirs, &favour->row, &row);
    if (sent)
        act_update_lent(worker, (size_t)(target - worker->crew->targets), statement, &row);
    row_free(&row);
    return sent;
}

bool favour_do(struct worker *worker)
{
    struct drive *drive = worker->crew->drive;
    struct crew *other = &drive->crews[worker->crew->version == DRIVE_OLD ? DRIVE_NEW : DRIVE_OLD];
    if (atomic_load(&drive->overlap) != OVERLAP_NOW || !atomic_load(&other->busy))
        return false;
    for (size_t i = 0; i < other->n_workers; i++) {
        struct favour *favour = &other->workers[i].favour;
        int asked = FAVOUR_ASKED;
        if (!atomic_compare_exchange_strong(&favour->state, &asked, FAVOUR_TAKEN))
            continue;
        bool sent = help(worker, other, favour);
        atomic_store(&favour->state, FAVOUR_DONE);
        return sent;
    }
    return false;
}
