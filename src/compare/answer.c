#include "compare/answer.h"

#include <string.h>

#include "base/compare.h"
#include "base/hash.h"
#include "base/text.h"
#include "compare/answer_rows.h"

struct comparing {
    const struct answer *current, *new;
    const struct answer_rules *rules;
    struct arena *arena;
    struct answer_sides sides;
    struct answer_difference *out;
};

const char *answer_kind_name(enum answer_kind kind)
{
    static const char *const names[] = {"same", "error", "columns", "count", "rows", "order"};
    return names[kind];
}

static void differs(struct comparing *comparing, enum answer_kind kind, const char *what)
{
    comparing->out->kind = kind;
    comparing->out->what = what;
}

/* True: that is all there is to say of them. */
static bool errors(struct comparing *comparing)
{
    const struct answer *current = comparing->current, *new = comparing->new;
    if (!current->sqlstate && !new->sqlstate)
        return false;
    if (!current->sqlstate)
        differs(comparing, ANSWER_ERROR, arena_printf(comparing->arena, "fails with %s", new->sqlstate));
    else if (!new->sqlstate)
        differs(comparing, ANSWER_ERROR,
                arena_printf(comparing->arena, "does not fail with %s", current->sqlstate));
    else if (strcmp(current->sqlstate, new->sqlstate) != 0)
        differs(
            comparing, ANSWER_ERROR,
            arena_printf(comparing->arena, "fails with %s instead of %s", new->sqlstate, current->sqlstate));
    return true;
}

static bool is_ignored(const struct answer_rules *rules, const char *name)
{
    return name_is_among(rules->ignored, rules->n_ignored, name);
}

static size_t find(const struct answer *answer, const char *name, const bool *taken)
{
    for (size_t i = 0; i < answer->n_columns; i++)
        if (!taken[i] && strcmp(answer->names[i], name) == 0)
            return i;
    return answer->n_columns;
}

/* The columns that both have, by their names. True: one of them has others. */
static bool columns(struct comparing *comparing)
{
    const struct answer *current = comparing->current, *new = comparing->new;
    struct answer_sides *sides = &comparing->sides;
    bool *taken = arena_alloc(comparing->arena, new->n_columns + 1);
    size_t room = (current->n_columns + 1) * sizeof *sides->current.columns;
    sides->current = (struct answer_side){current, arena_alloc(comparing->arena, room)};
    sides->new = (struct answer_side){new, arena_alloc(comparing->arena, room)};
    for (size_t i = 0; i < current->n_columns; i++) {
        const char *name = current->names[i];
        if (is_ignored(comparing->rules, name))
            continue;
        size_t at = find(new, name, taken);
        if (at == new->n_columns) {
            differs(comparing, ANSWER_COLUMNS, arena_printf(comparing->arena, "has no column %s", name));
            return true;
        }
        taken[at] = true;
        sides->current.columns[sides->n] = i;
        sides->new.columns[sides->n++] = at;
    }
    for (size_t i = 0; i < new->n_columns; i++)
        if (!taken[i] && !is_ignored(comparing->rules, new->names[i])) {
            differs(comparing, ANSWER_COLUMNS,
                    arena_printf(comparing->arena, "has a column %s", new->names[i]));
            return true;
        }
    return false;
}

/* --- Where they differ --- */

static uint64_t hash_of(const struct comparing *comparing, const struct answer *answer, size_t row)
{
    uint64_t hash = hash_bytes(HASH_BEGUN, &comparing->rules->salt, sizeof comparing->rules->salt);
    for (size_t i = 0; i < answer->n_columns; i++) {
        const char *cell = answer->cells[row * answer->n_columns + i];
        hash = cell ? hash_string(hash, cell) : hash_bytes(hash, "\1", 1);
    }
    return hash;
}

static const char *shown(const struct answer_side *side, size_t row, size_t column)
{
    const char *cell = side->answer->cells[row * side->answer->n_columns + side->columns[column]];
    return cell ? cell : "NULL";
}

static void name_columns(struct comparing *comparing, size_t row, size_t new_row)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    const struct answer_sides *sides = &comparing->sides;
    for (size_t i = 0; i < sides->n; i++) {
        if (answer_cells(sides, i, &sides->current, row, &sides->new, new_row) == 0)
            continue;
        const char *name = sides->current.answer->names[sides->current.columns[i]];
        text_printf(&names, "%s%s", names.length ? ", " : "", name);
        text_printf(&values, "%s%s: %s instead of %s", values.length ? ", " : "", name,
                    shown(&sides->new, new_row, i), shown(&sides->current, row, i));
    }
    comparing->out->columns = arena_strdup(comparing->arena, text_string(&names));
    if (comparing->rules->values)
        comparing->out->values = arena_strdup(comparing->arena, text_string(&values));
}

/* The rows at which they differ first; either may be behind its last one. */
static void locate(struct comparing *comparing, size_t row, size_t new_row)
{
    if (row < comparing->current->n_rows) {
        comparing->out->row = row + 1;
        comparing->out->hash = hash_of(comparing, comparing->current, row);
        if (new_row < comparing->new->n_rows)
            name_columns(comparing, row, new_row);
    } else if (new_row < comparing->new->n_rows) {
        comparing->out->hash = hash_of(comparing, comparing->new, new_row);
    }
}

static bool rows_differ(struct comparing *comparing, size_t begin, size_t end, size_t new_end, size_t *row,
                        size_t *new_row)
{
    const size_t begins[] = {begin, begin}, ends[] = {end, new_end};
    return answer_rows_differ(&comparing->sides, begins, ends, comparing->arena, row, new_row);
}

/* True: they have the same rows, whatever their order. */
static bool as_sets(struct comparing *comparing)
{
    size_t row, new_row, n = comparing->current->n_rows, n_new = comparing->new->n_rows;
    if (!rows_differ(comparing, 0, n, n_new, &row, &new_row))
        return true;
    if (n == n_new)
        differs(comparing, ANSWER_ROWS, "has other rows");
    else
        differs(comparing, ANSWER_COUNT,
                arena_printf(comparing->arena, "has %zu rows instead of %zu", n_new, n));
    locate(comparing, row, new_row);
    return false;
}

/* The sort keys as columns that both have. False: one is not in the result. */
static bool find_keys(const struct comparing *comparing, size_t *keys)
{
    const struct answer_order *order = comparing->rules->order;
    const struct answer_sides *sides = &comparing->sides;
    for (size_t i = 0; i < order->n_keys; i++) {
        size_t at = 0;
        while (at < sides->n &&
               (order->keys[i].name ? strcmp(sides->current.answer->names[sides->current.columns[at]],
                                             order->keys[i].name) != 0
                                    : sides->current.columns[at] + 1 != order->keys[i].place))
            at++;
        if (at == sides->n)
            return false;
        keys[i] = at;
    }
    return order->n_keys > 0 && !order->hidden;
}

static bool same_keys(const struct comparing *comparing, const size_t *keys, const struct answer_side *a,
                      size_t row_a, const struct answer_side *b, size_t row_b)
{
    for (size_t i = 0; i < comparing->rules->order->n_keys; i++)
        if (answer_cells(&comparing->sides, keys[i], a, row_a, b, row_b) != 0)
            return false;
    return true;
}

/* Rows of equal keys may come in any order, and where LIMIT cuts through them any of them may come. */
static void in_order(struct comparing *comparing, const size_t *keys)
{
    const struct answer_sides *sides = &comparing->sides;
    const struct answer_order *order = comparing->rules->order;
    size_t n = comparing->current->n_rows;
    if (n != comparing->new->n_rows) {
        (void)as_sets(comparing);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (same_keys(comparing, keys, &sides->current, i, &sides->new, i))
            continue;
        if (as_sets(comparing)) {
            differs(comparing, ANSWER_ORDER, "has the rows in another order");
            locate(comparing, i, i);
        }
        return;
    }
    for (size_t begin = 0, end; begin < n; begin = end) {
        size_t row, new_row;
        for (end = begin + 1;
             end < n && same_keys(comparing, keys, &sides->current, begin, &sides->current, end); end++)
            ;
        if (!rows_differ(comparing, begin, end, end, &row, &new_row))
            continue;
        differs(comparing, ANSWER_ROWS, "has other rows");
        locate(comparing, row, new_row);
        comparing->out->any_rows = order->limited && (end == n || begin == 0);
        if (!comparing->out->any_rows)
            return;
    }
}

void answer_compare(const struct answer *current, const struct answer *new, const struct answer_rules *rules,
                    struct arena *arena, struct answer_difference *out)
{
    struct comparing comparing = {.current = current,
                                  .new = new,
                                  .rules = rules,
                                  .arena = arena,
                                  .sides = {.tolerance = rules->tolerance},
                                  .out = out};
    *out = (struct answer_difference){0};
    if (errors(&comparing) || columns(&comparing))
        return;
    size_t *keys = arena_alloc(arena, (rules->order->n_keys + 1) * sizeof *keys);
    if (find_keys(&comparing, keys)) {
        in_order(&comparing, keys);
    } else if (!as_sets(&comparing)) {
        out->any_rows = rules->order->limited && out->kind == ANSWER_ROWS;
    }
}
