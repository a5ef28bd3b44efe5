#include "drive/stock.h"

#include <string.h>

#include "base/text.h"

const struct stock *stock_find(const struct drive *drive, const char *table)
{
    for (size_t i = 0; i < drive->n_stock; i++)
        if (strcmp(drive->stock[i].table, table) == 0)
            return &drive->stock[i];
    return NULL;
}

/* Copies the values of a result into the arena, one list a row; rows with a null are left out. */
static void keep_rows(struct arena *arena, const struct rows *rows, const char ****out, size_t *n)
{
    size_t columns = rows_columns(rows);
    for (size_t row = 0; row < rows_count(rows); row++) {
        const char **values = arena_alloc(arena, columns * sizeof *values);
        bool whole = true;
        for (size_t column = 0; column < columns; column++) {
            const char *value = rows_get(rows, row, column);
            values[column] = value ? arena_strdup(arena, value) : NULL;
            whole = whole && value;
        }
        if (whole)
            ARENA_PUSH(arena, *out, *n, values);
    }
}

static bool read_stock(struct drive *drive, struct session *session, const struct shape *shape,
                       struct stock *stock, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct text keys = {0};
    *stock = (struct stock){.table = arena_strdup(drive->stock_arena, shape->base)};
    for (size_t i = 0; i < shape->n_key; i++) {
        const char *key = arena_strdup(drive->stock_arena, shape->columns[shape->key[i]].base_quoted);
        ARENA_PUSH(drive->stock_arena, stock->keys, stock->n_keys, key);
        text_printf(&keys, "%s%s", i ? ", " : "", key);
    }
    if (!stock->n_keys)
        return true;
    const char *sql = arena_printf(drive->stock_arena, "SELECT %s FROM %s ORDER BY %s LIMIT %d",
                                   text_string(&keys), stock->table, text_string(&keys), STABLE_ROWS);
    text_free(&keys);
    if (!session_query(session, sql, 0, NULL, &rows, err))
        return false;
    keep_rows(drive->stock_arena, rows, &stock->rows, &stock->n_rows);
    return true;
}

bool stock_again(struct drive *drive, struct session *session, const struct shape *shape, struct error *err)
{
    struct stock stock;
    if (!read_stock(drive, session, shape, &stock, err))
        return false;
    for (size_t i = 0; i < drive->n_stock; i++) {
        if (strcmp(drive->stock[i].table, stock.table) == 0) {
            drive->stock[i] = stock;
            return true;
        }
    }
    ARENA_PUSH(drive->stock_arena, drive->stock, drive->n_stock, stock);
    return true;
}

bool stock_choose(struct drive *drive, struct session *session, const struct shape *shape, struct error *err)
{
    return stock_find(drive, shape->base) || stock_again(drive, session, shape, err);
}

/* SELECT columns FROM table WHERE the stock's key is the row's. */
static bool look_up(struct session *session, struct arena *arena, const struct stock *stock, size_t row,
                    const char *columns, struct rows **out, struct error *err)
{
    struct text sql = {0};
    text_printf(&sql, "SELECT %s FROM %s", columns, stock->table);
    for (size_t i = 0; i < stock->n_keys; i++)
        text_printf(&sql, "%s%s = $%zu", i ? " AND " : " WHERE ", stock->keys[i], i + 1);
    const char *query = arena_strdup(arena, text_string(&sql));
    text_free(&sql);
    return session_query(session, query, stock->n_keys, stock->rows[row], out, err);
}

static const char *key_list(struct arena *arena, const struct stock *stock)
{
    SEGUE_CLEANUP(text_free) struct text list = {0};
    for (size_t i = 0; i < stock->n_keys; i++)
        text_printf(&list, "%s%s", i ? ", " : "", stock->keys[i]);
    return arena_strdup(arena, text_string(&list));
}

/* The columns of a row of the stock: asked of the server only when they are other ones than its key. *values is NULL when
 * there is no such row (any more), or a value is null. */
static bool row_values(struct session *session, struct arena *arena, const struct stock *stock, size_t row,
                       const char *columns, const char ***values, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char ***found = NULL;
    size_t n = 0;
    *values = stock->rows[row];
    if (strcmp(columns, key_list(arena, stock)) == 0)
        return true;
    if (!look_up(session, arena, stock, row, columns, &rows, err))
        return false;
    keep_rows(arena, rows, &found, &n);
    *values = n == 1 ? found[0] : NULL;
    return true;
}

bool stock_bind(struct crew *crew, struct session *session, struct target *target, struct error *err)
{
    const struct shape *shape = target->shape;
    const struct stock *stock = stock_find(crew->drive, shape->base);
    struct text columns = {0};
    target->stable = NULL;
    target->n_stable = 0;
    if (!stock || !shape->n_key)
        return true;
    for (size_t i = 0; i < shape->n_key; i++)
        text_printf(&columns, "%s%s", i ? ", " : "", shape->columns[shape->key[i]].base_quoted);
    const char *list = arena_strdup(crew->arena, text_string(&columns));
    text_free(&columns);
    for (size_t i = 0; i < stock->n_rows; i++) {
        const char **values;
        if (!row_values(session, crew->arena, stock, i, list, &values, err))
            return false;
        if (!values)
            continue;
        struct row row = {
            .n = shape->n_columns,
            .values = arena_alloc(crew->arena, shape->n_columns * sizeof(char *)),
            .known = arena_alloc(crew->arena, shape->n_columns * sizeof(bool)),
        };
        for (size_t k = 0; k < shape->n_key; k++) {
            row.values[shape->key[k]] = arena_strdup(crew->arena, values[k]);
            row.known[shape->key[k]] = true;
        }
        ARENA_PUSH(crew->arena, target->stable, target->n_stable, row);
    }
    return true;
}

static bool fill_pool(struct crew *crew, struct session *session, struct shape_foreign *foreign,
                      struct error *err)
{
    const struct stock *stock = stock_find(crew->drive, foreign->ref_table);
    if (!stock || !stock->n_rows) {
        SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
        const char *sql =
            arena_printf(crew->arena, "SELECT %s FROM %s WHERE %s LIMIT %d", foreign->ref_columns,
                         foreign->ref_table, foreign->ref_present, STABLE_ROWS);
        if (!session_query(session, sql, 0, NULL, &rows, err))
            return false;
        keep_rows(crew->arena, rows, &foreign->pool, &foreign->n_pool);
        return true;
    }
    /* A row that is referred to is locked in share mode: not one of the hot ones, which are locked to be changed. */
    for (size_t i = stock->n_rows > HOT_ROWS ? HOT_ROWS : 0; i < stock->n_rows; i++) {
        const char **values;
        if (!row_values(session, crew->arena, stock, i, foreign->ref_columns, &values, err))
            return false;
        if (values)
            ARENA_PUSH(crew->arena, foreign->pool, foreign->n_pool, values);
    }
    return true;
}

bool stock_fill_pools(struct crew *crew, struct session *session, struct shape *shape, struct error *err)
{
    for (size_t i = 0; i < shape->n_foreign; i++) {
        struct shape_foreign *foreign = &shape->foreign[i];
        if (!fill_pool(crew, session, foreign, err))
            return false;
        for (size_t c = 0; c < foreign->n_columns && !foreign->n_pool; c++) {
            const struct shape_column *column = &shape->columns[foreign->columns[c]];
            if (!column->not_null || column->supply || shape->off & OFF_INSERT)
                continue;
            shape->off |= OFF_INSERT | OFF_UPDATE;
            shape->off_reason = arena_printf(crew->arena, "%s refers to %s, which has no rows", column->name,
                                             foreign->ref_table);
        }
    }
    return true;
}
