#include "demo/shop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "sql.h"

/* Rows inserted by one statement: a fraction of a second, so that progress shows and Ctrl-C is heard. */
enum { BATCH_ROWS = 20000 };

/* Amounts are positive in both versions, and their cents fit an integer. */
const char *const shop_overrides[] = {
    "old:orders.amount=1 + floor(random() * 50000)::integer",
    "new:orders.amount=round((0.01 + random() * 500)::numeric, 2)",
    "new:customers.full_name='Ada ' || substr(md5(random()::text), 1, 8)",
};
const size_t shop_n_overrides = SEGUE_COUNT(shop_overrides);

bool shop_create(struct session *session, struct error *err)
{
    return session_run(session, sql_demo_schema, err);
}

struct load {
    struct session *session;
    shop_progress *progress;
    void *context;
    long done, total;
};

/* Runs the statement for rows 1 to `rows`, a batch at a time. extra: its third parameter, or NULL. */
static bool insert_rows(struct load *load, const char *sql, long rows, const char *extra, struct error *err)
{
    for (long from = 0; from < rows; from += BATCH_ROWS) {
        long to = from + BATCH_ROWS < rows ? from + BATCH_ROWS : rows;
        char first[24];
        char last[24];
        snprintf(first, sizeof first, "%ld", from);
        snprintf(last, sizeof last, "%ld", to);
        const char *values[] = {first, last, extra};
        if (interrupted())
            return error_set(err, ERROR_INTERRUPTED, "interrupted while loading");
        if (!session_query(load->session, sql, extra != NULL ? 3 : 2, values, NULL, err))
            return false;
        load->done += to - from;
        load->progress(load->context, load->done, load->total);
    }
    return true;
}

bool shop_load(struct session *session, long orders, shop_progress *progress, void *context,
               struct error *err)
{
    long customers = orders / 10 > 0 ? orders / 10 : 1;
    struct load load = {
        .session = session, .progress = progress, .context = context, .total = orders + customers};
    char count[24];
    snprintf(count, sizeof count, "%ld", customers);
    return insert_rows(&load, sql_demo_load_customers, customers, NULL, err) &&
           insert_rows(&load, sql_demo_load_orders, orders, count, err) &&
           session_run(session, "VACUUM ANALYZE customers", err) &&
           session_run(session, "VACUUM ANALYZE orders", err);
}

bool shop_write_migration(const char *folder, struct arena *arena, const char **path, struct error *err)
{
    *path = arena_printf(arena, "%s/0001_full_name.sql", folder);
    FILE *file = fopen(*path, "w");
    if (file == NULL)
        return error_set(err, ERROR_RESOURCE, "cannot write %s: %s", *path, strerror(errno));
    bool written = fputs(sql_0001_full_name, file) >= 0;
    if (fclose(file) != 0 || !written)
        return error_set(err, ERROR_RESOURCE, "cannot write %s: %s", *path, strerror(errno));
    return true;
}
