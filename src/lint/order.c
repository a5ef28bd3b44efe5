#include "lint/order.h"

#include <stdio.h>
#include <string.h>

/* More tables than anybody locks in one transaction that shall run beside an application. */
enum { MOST_HELD = 64, MOST_PAIRS = 1024 };

struct held {
    const char *table;
    enum lint_mode mode;
};

/* A transaction of the file has locked the first table, and then the second. */
struct pair {
    struct held first, second;
    const char *path;
    int line;
};

struct lint_order {
    struct arena *arena;
    const char *path;
    struct held held[MOST_HELD];
    size_t n_held;
    struct pair *pairs;
    size_t n_pairs;
};

struct lint_order *lint_order_new(struct arena *arena)
{
    struct lint_order *order = arena_alloc(arena, sizeof *order);
    *order = (struct lint_order){.arena = arena};
    return order;
}

void lint_order_begin(struct lint_order *order, const char *path)
{
    order->path = path;
    order->n_held = 0;
}

/* The server's table of lock conflicts. */
static bool conflict(enum lint_mode a, enum lint_mode b)
{
    enum lint_mode weak = a < b ? a : b, strong = a < b ? b : a;
    switch (weak) {
    case LINT_NO_LOCK: return false;
    case LINT_ACCESS_SHARE: return strong == LINT_ACCESS_EXCLUSIVE;
    case LINT_ROW_SHARE: return strong >= LINT_EXCLUSIVE;
    case LINT_ROW_EXCLUSIVE: return strong >= LINT_SHARE;
    case LINT_SHARE_UPDATE_EXCLUSIVE: return true;
    case LINT_SHARE: return strong != LINT_SHARE;
    case LINT_SHARE_ROW_EXCLUSIVE:
    case LINT_EXCLUSIVE:
    case LINT_ACCESS_EXCLUSIVE: break;
    }
    return true;
}

/* "schema.table": what a table is called in the lists. */
static const char *called(const struct lint_touch *touch, char *buffer, size_t size)
{
    if (!touch->relation.schema)
        return touch->relation.name;
    (void)snprintf(buffer, size, "%s.%s", touch->relation.schema, touch->relation.name);
    return buffer;
}

static bool counts(const struct lint_touch *touch)
{
    return !touch->fresh && touch->relation.name && touch->mode >= LINT_ACCESS_SHARE;
}

static bool opposes(const struct pair *pair, const struct held *held, const char *table, enum lint_mode mode)
{
    return strcmp(pair->first.table, table) == 0 && strcmp(pair->second.table, held->table) == 0 &&
           conflict(pair->first.mode, mode) && conflict(pair->second.mode, held->mode);
}

static bool is_held(const struct lint_order *order, const char *table)
{
    for (size_t i = 0; i < order->n_held; i++) {
        if (strcmp(order->held[i].table, table) == 0)
            return true;
    }
    return false;
}

/* The pair of another file that stands against locking this table while that one is held; NULL: none. */
static const struct pair *against(const struct lint_order *order, const struct held *held, const char *table,
                                  enum lint_mode mode)
{
    for (size_t i = 0; i < order->n_pairs; i++) {
        const struct pair *pair = &order->pairs[i];
        if (strcmp(pair->path, order->path) != 0 && opposes(pair, held, table, mode))
            return pair;
    }
    return NULL;
}

bool lint_order_differs(const struct lint_order *order, const struct lint_statement *statement,
                        const char **held, const char **locked, struct lint_order_other *other)
{
    char buffer[160];
    for (size_t t = 0; t < statement->n_touches; t++) {
        const struct lint_touch *touch = &statement->touches[t];
        const char *table = counts(touch) ? called(touch, buffer, sizeof buffer) : NULL;
        for (size_t i = 0; table && !is_held(order, table) && i < order->n_held; i++) {
            const struct pair *pair = against(order, &order->held[i], table, touch->mode);
            if (!pair)
                continue;
            *held = order->held[i].table;
            *locked = touch->relation.name;
            *other = (struct lint_order_other){.path = pair->path, .line = pair->line};
            return true;
        }
    }
    return false;
}

/* A file that does the same in each of its transactions is noted once. */
static void add(struct lint_order *order, const struct held *first, const struct held *second, int line)
{
    for (size_t i = order->n_pairs; i-- > 0 && order->pairs[i].path == order->path;) {
        const struct pair *pair = &order->pairs[i];
        if (strcmp(pair->first.table, first->table) == 0 && strcmp(pair->second.table, second->table) == 0 &&
            pair->first.mode >= first->mode && pair->second.mode >= second->mode)
            return;
    }
    const struct pair pair = {.first = *first, .second = *second, .path = order->path, .line = line};
    if (order->n_pairs < MOST_PAIRS)
        ARENA_PUSH(order->arena, order->pairs, order->n_pairs, pair);
}

void lint_order_note(struct lint_order *order, const struct lint_statement *statement, int line)
{
    char buffer[160];
    size_t before = order->n_held; /* what one statement locks it locks in an order of the server's own */
    for (size_t t = 0; t < statement->n_touches; t++) {
        const struct lint_touch *touch = &statement->touches[t];
        const char *table = counts(touch) ? called(touch, buffer, sizeof buffer) : NULL;
        if (!table || is_held(order, table) || order->n_held == MOST_HELD)
            continue;
        const struct held now = {.table = arena_strdup(order->arena, table), .mode = touch->mode};
        for (size_t i = 0; i < before; i++)
            add(order, &order->held[i], &now, line);
        order->held[order->n_held++] = now;
    }
}
