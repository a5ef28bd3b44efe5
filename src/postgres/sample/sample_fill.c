/* Rows of the source, table by table. Large tables give some of their pages: what lay together lies together in the copy. */

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "postgres/array.h"
#include "postgres/format.h"
#include "postgres/replication.h"
#include "postgres/sample/sample_internal.h"
#include "postgres/session.h"
#include "sql.h"

/* The share of the table's pages. */
static double share(const struct sample_table *table, const struct sample_wish *wish)
{
    double percent = wish->percent;
    if (table->rows * percent / 100 < wish->whole)
        percent = table->rows > 0 ? wish->whole / table->rows * 100 : 100;
    return percent < 100 ? percent : 100;
}

static bool copy_table(struct sample_table *table, const struct sample_wish *wish, const struct pump *pump,
                       struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const char *read, *in, *part = "";
    double percent = share(table, wish);
    table->whole = percent >= 100 && !table->partitioned;
    if (!table->whole)
        part = arena_printf(arena, " TABLESAMPLE SYSTEM (%.6f) REPEATABLE (1)", percent);
    if (table->n_columns == 0 || table->partitioned)
        return true;
    sample_lists(arena, table, wish, &read, &in);
    if (!pump_copy(pump,
                   pg_format(arena, "COPY (SELECT %s FROM ONLY %s%s) TO STDOUT", read, table->relation, part),
                   pg_format(arena, "COPY %s (%s) FROM STDIN", table->relation, in), &table->copied, err))
        return false;
    if (wish->progress)
        wish->progress(wish->context, table->relation, table->copied);
    return true;
}

static bool copy_tables(struct sampling *sample, const struct sample_wish *wish, const struct pump *pump,
                        struct error *err)
{
    for (size_t i = 0; i < sample->n_tables; i++)
        if (!copy_table(&sample->tables[i], wish, pump, err))
            return false;
    return true;
}

static bool set_sequences(struct sampling *sample, struct session *to, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text own = {0};
    const char *values[] = {pg_array(&own, sample->own_schemas, sample->n_own_schemas)};
    if (!session_query(sample->source->session, sql_sample_sequences, SEGUE_COUNT(values), values, &rows,
                       err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        if (!session_run(to, rows_get(rows, i, 0), err))
            return false;
    return true;
}

bool pg_sample_fill(struct sampling *sample, const struct sample_wish *wish,
                    const struct session_settings *to, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!sample_check_rules(sample, wish, err) || !pg_open(to, &session, err) ||
        !session_run(session, replication_forms, err))
        return false;
    const struct pump pump = {.from = sample->source->session, .to = session};
    return copy_tables(sample, wish, &pump, err) && sample_follow(sample, wish, &pump, err) &&
           set_sequences(sample, session, err) && sample_activity(sample, false, err);
}

static bool measure(struct sample_table *table, struct session *session, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    char value[40];
    bool null = false;
    const char *count =
        pg_format(arena, "SELECT count(*) FROM %s%s", table->partitioned ? "" : "ONLY ", table->relation);
    if (!session_value(session, count, 0, NULL, value, sizeof value, &null, err))
        return false;
    table->copied = strtod(value, NULL);
    if (!session_value(session, sql_sample_sizes, 1, &table->relation, value, sizeof value, &null, err))
        return false;
    table->copied_bytes = null ? 0 : strtod(value, NULL);
    return true;
}

bool pg_sample_measure(struct sampling *sample, const struct session_settings *to, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!pg_open(to, &session, err))
        return false;
    for (size_t i = 0; i < sample->n_tables; i++)
        if (!measure(&sample->tables[i], session, err))
            return false;
    return true;
}
