/* Which tables are rebuilt. */
#include "postgres/planner/rebuild.h"

#include "catalog/carry.h"
#include "postgres/planner/rebuild_internal.h"

/*
 * Seconds of work, by what script/bench measures on plain hardware (docs/performance.md). They are compared with each other alone, so that
 * a faster or slower server changes nothing.
 */
static const double update_row = 5e-6,
                    update_entry = 2.5e-6; /* a row in place: its new version, an entry of each index */
static const double copy_row = 0.8e-6, copy_byte = 5e-9, build_entry = 1e-6;
static const double catch_up_write =
    100e-6;                             /* a row that changes meanwhile: noted, taken out, copied again */
static const double swap_seconds = 1;   /* what is made again, and the locks of the swap */
static const double room_for_log = 1.2; /* of what is written, the log keeps some */

static bool has_key(const struct table *table)
{
    for (size_t i = 0; i < table->n_indexes; i++)
        if (table->indexes[i].walkable)
            return true;
    return false;
}

static const char *shape_obstacle(const struct model *model, const struct model_table *table)
{
    if (!has_key(table->origin))
        return "it has no key to find its rows by";
    if (table->member || table->n_children)
        return "it belongs to a family of tables";
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && column->number_function)
            return "a sequence of the file numbers its rows";
        if (column->copied)
            return "it is split or merged";
    }
    for (size_t i = 0; i < model->n_late; i++)
        if (model->late[i].parent < model->n_tables && &model->tables[model->late[i].parent] == table)
            return "the file attaches tables to it";
    return NULL;
}

static double in_place_seconds(const struct table *table)
{
    return table->rows * (update_row + update_entry * (double)table->n_indexes);
}

static double rebuild_seconds(const struct table *table)
{
    double work =
        (double)table->bytes * copy_byte + table->rows * (copy_row + build_entry * (double)table->n_indexes);
    return swap_seconds + work + work * table->carry->writes_per_second * catch_up_write;
}

/* What either way writes before anything becomes free. */
static bool has_room(const struct carry *carry, int64_t bytes)
{
    return carry->free_bytes < 0 || (double)carry->free_bytes >= (double)bytes * room_for_log;
}

static bool refuse_room(const struct model *model, const struct model_table *table, int64_t bytes,
                        struct error *err)
{
    const struct carry *carry = table->origin->carry;
    refuse(model, table->change->place, err, "there is no room for a second copy of the rows of table \"%s\"",
           table->name);
    error_detail(
        err,
        "%ld MB would be written with the log that goes with them, and %ld MB are free where its files are",
        (long)((double)bytes * room_for_log) >> 20, (long)(carry->free_bytes >> 20));
    return error_hint(err, "make room first; nothing was touched");
}

static const char *seconds(struct arena *arena, double value)
{
    return value < 90 ? arena_printf(arena, "%.0f s", value < 1 ? 1 : value)
                      : arena_printf(arena, "%.0f min", value / 60);
}

static bool choose(struct model *model, struct model_table *table, struct error *err)
{
    const struct carry *carry = table->origin->carry;
    double in_place = in_place_seconds(table->origin), rebuild = rebuild_seconds(table->origin);
    const char *obstacle = carry->n_obstacles ? carry->obstacles[0] : shape_obstacle(model, table);
    bool room = has_room(carry, carry->total_bytes);
    table->rebuilt = !obstacle && (carry->wanted || (rebuild < in_place && room));
    if (table->rebuilt && !room)
        return refuse_room(model, table, carry->total_bytes, err);
    if (!table->rebuilt && !has_room(carry, table->origin->bytes))
        return refuse_room(model, table, table->origin->bytes, err);
    if (obstacle)
        table->strategy_why = arena_printf(model->arena, "it cannot be rebuilt: %s", obstacle);
    else if (!carry->wanted && !table->rebuilt && rebuild < in_place)
        table->strategy_why = "there is no room for a second table";
    else if (!carry->wanted)
        table->strategy_why = arena_printf(model->arena, "about %s of work, %s %s",
                                           seconds(model->arena, table->rebuilt ? rebuild : in_place),
                                           seconds(model->arena, table->rebuilt ? in_place : rebuild),
                                           table->rebuilt ? "in place" : "as a rebuild");
    rebuild_choose_capture(model, table);
    return true;
}

bool rebuild_choose(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (!table->change || !table->origin || table->dropped || !table->has_walk || !table->origin->carry)
            continue;
        if (!choose(model, table, err))
            return false;
    }
    return true;
}
