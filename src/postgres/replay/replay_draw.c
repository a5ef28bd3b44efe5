/* Values for a statement's parameters. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compare.h"
#include "base/must.h"
#include "postgres/array.h"
#include "postgres/format.h"
#include "postgres/replay/replay_internal.h"
#include "sql.h"

enum { SETS = 100, MOST_COUNT = 20, DAY = 86400 };

/* Where numbers of a unique column go on, so that its own sequence does not come there. */
static const char far_behind[] = "100000";

struct type {
    const char *name, *label;
    char category;
    bool is_array;
};

/* A column whose values a parameter takes. */
struct source {
    bool found, written;
    const char *relation, *column, *percent; /* quoted; NULL: no table */
    const char *type;
    bool is_array, fresh;
};

struct drawing {
    struct session *session;
    const struct replay_reading *reading;
    struct replay_statement *out;
    struct type *types;
    struct source *sources; /* one for each parameter */
};

static const char *keep(struct arena *arena, const char *value)
{
    return value ? arena_strdup(arena, value) : NULL;
}

static bool is_true(const char *value)
{
    return value && *value == 't';
}

static bool read_types(struct drawing *drawing, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct arena *arena = drawing->reading->arena;
    const char *values[] = {REPLAY_NAME};
    if (!session_query(drawing->session, sql_replay_types, SEGUE_COUNT(values), values, &rows, err))
        return false;
    size_t n = rows_count(rows);
    drawing->types = arena_alloc(arena, (n + 1) * sizeof *drawing->types);
    drawing->sources = arena_alloc(arena, (n + 1) * sizeof *drawing->sources);
    drawing->out->fresh = arena_alloc(arena, (n + 1) * sizeof *drawing->out->fresh);
    drawing->out->written = arena_alloc(arena, (n + 1) * sizeof *drawing->out->written);
    drawing->out->n_parameters = n;
    for (size_t i = 0; i < n; i++)
        drawing->types[i] = (struct type){.name = keep(arena, rows_get(rows, i, 0)),
                                          .category = *rows_get(rows, i, 1),
                                          .is_array = is_true(rows_get(rows, i, 2)),
                                          .label = keep(arena, rows_get(rows, i, 3))};
    return true;
}

/* The relations that a column may be of: those of its alias, or any. */
static const char *candidates(const struct replay_reading *reading, const struct replay_meaning *meaning,
                              struct text *out)
{
    if (meaning->relation)
        pg_array_add(out, meaning->relation);
    for (size_t i = 0; !meaning->relation && i < reading->n_relations; i++)
        if (!meaning->qualifier || strcmp(meaning->qualifier, reading->relations[i].alias) == 0)
            pg_array_add(out, reading->relations[i].name);
    return pg_array_end(out);
}

static bool find_source(struct drawing *drawing, const struct replay_meaning *meaning, struct source *out,
                        struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    struct arena *arena = drawing->reading->arena;
    char place[24];
    (void)snprintf(place, sizeof place, "%zu", meaning->place);
    const char *values[] = {candidates(drawing->reading, meaning, &names), meaning->column, place};
    if (!session_query(drawing->session, sql_replay_column, SEGUE_COUNT(values), values, &rows, err))
        return false;
    if (rows_count(rows) == 0)
        return true;
    *out = (struct source){.found = true,
                           .written = meaning->kind == MEANS_WRITTEN,
                           .relation = keep(arena, rows_get(rows, 0, 0)),
                           .column = keep(arena, rows_get(rows, 0, 1)),
                           .is_array = is_true(rows_get(rows, 0, 2)),
                           .type = keep(arena, rows_get(rows, 0, 3)),
                           .fresh = meaning->kind == MEANS_WRITTEN && is_true(rows_get(rows, 0, 4)),
                           .percent = keep(arena, rows_get(rows, 0, 5))};
    return true;
}

static bool find_sources(struct drawing *drawing, struct error *err)
{
    const struct replay_reading *reading = drawing->reading;
    for (size_t i = 0; i < drawing->out->n_parameters && i < reading->n_meanings; i++) {
        if (reading->meanings[i].kind >= MEANS_COMPARED &&
            !find_source(drawing, &reading->meanings[i], &drawing->sources[i], err))
            return false;
        drawing->out->written[i] = drawing->sources[i].written;
    }
    return true;
}

/* Something of the type, another one in each set where that is easy. */
static const char *of_type(struct arena *arena, const struct type *type, size_t set)
{
    char when[40];
    time_t then = time(NULL) - (time_t)set * DAY;
    struct tm utc;
    switch (type->category) {
    case 'N': return arena_printf(arena, "%zu", set + 1);
    case 'S': return arena_printf(arena, "word %zu", set);
    case 'B': return set % 2 ? "true" : "false";
    case 'T': return "1 day";
    case 'A': return "{}";
    case 'R': return "empty";
    case 'E': return type->label;
    case 'I': return "192.0.2.1";
    case 'D':
        (void)gmtime_r(&then, &utc);
        (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &utc);
        return arena_strdup(arena, when);
    default: break;
    }
    if (!type->name)
        return NULL;
    if (strcmp(type->name, "uuid") == 0)
        return arena_printf(arena, "00000000-0000-4000-8000-%012zx", set);
    if (strncmp(type->name, "json", 4) == 0)
        return "{}";
    return strcmp(type->name, "bytea") == 0 ? "\\x00" : NULL;
}

static void draw_by_type(struct drawing *drawing)
{
    const struct replay_reading *reading = drawing->reading;
    struct replay_statement *out = drawing->out;
    out->n_sets = SETS;
    out->sets = arena_alloc(reading->arena, SETS * sizeof *out->sets);
    for (size_t set = 0; set < SETS; set++) {
        out->sets[set] = arena_alloc(reading->arena, (out->n_parameters + 1) * sizeof *out->sets[set]);
        for (size_t i = 0; i < out->n_parameters; i++) {
            bool count = i < reading->n_meanings && reading->meanings[i].kind == MEANS_COUNT;
            out->sets[set][i] = count ? arena_printf(reading->arena, "%zu", 1 + set % MOST_COUNT)
                                      : of_type(reading->arena, &drawing->types[i], set);
        }
    }
}

static bool of_one_row(const struct source *a, const struct source *b)
{
    return b->found && a->written == b->written && same_text(a->relation, b->relation);
}

/* Rows of the relation with the columns of all parameters that go with parameter `first`. What is looked for is there. */
static const char *compose(const struct drawing *drawing, size_t first)
{
    struct arena *arena = drawing->reading->arena;
    const struct source *one = &drawing->sources[first];
    const char *list = "", *present = "true";
    for (size_t i = first; i < drawing->out->n_parameters; i++) {
        const struct source *source = &drawing->sources[i];
        if (!of_one_row(one, source))
            continue;
        bool wrap = drawing->types[i].is_array && !source->is_array;
        list = pg_format(arena, "%s%s%s%s%s::text", list, *list ? ", " : "", wrap ? "ARRAY[" : "",
                         source->column, wrap ? "]" : "");
        if (!source->written)
            present = pg_format(arena, "%s AND %s IS NOT NULL", present, source->column);
    }
    const char *part = one->percent ? pg_format(arena, " TABLESAMPLE SYSTEM (%s)", one->percent) : "";
    return pg_format(
        arena, "SELECT %s FROM (SELECT * FROM %s%s LIMIT 100000) AS s WHERE %s ORDER BY random() LIMIT %d",
        list, one->relation, part, present, SETS);
}

/* Which of n rows a set has, for the parameters that go with parameter `first`: those of different rows meet in many ways (a hash of
 * both, Knuth's multiplicative one). */
static size_t row_of(size_t set, size_t first, size_t n)
{
    uint32_t mixed = (uint32_t)(set * 31 + first + 1) * 2654435761U;
    return (mixed >> 8) % n;
}

/* A relation without rows leaves what was there. */
static bool draw_row(struct drawing *drawing, size_t first, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct replay_statement *out = drawing->out;
    if (!session_query(drawing->session, compose(drawing, first), 0, NULL, &rows, err))
        return false;
    size_t n = rows_count(rows), column = 0;
    for (size_t i = first; i < out->n_parameters; i++) {
        if (!of_one_row(&drawing->sources[first], &drawing->sources[i]))
            continue;
        for (size_t set = 0; n > 0 && set < out->n_sets; set++)
            out->sets[set][i] = keep(drawing->reading->arena, rows_get(rows, row_of(set, first, n), column));
        column++;
    }
    return true;
}

/* Whether the rows of an earlier parameter had this one's values, too. */
static bool is_drawn(const struct drawing *drawing, size_t parameter)
{
    for (size_t i = 0; i < parameter; i++)
        if (drawing->sources[i].found && of_one_row(&drawing->sources[i], &drawing->sources[parameter]))
            return true;
    return false;
}

static bool draw_rows(struct drawing *drawing, struct error *err)
{
    for (size_t i = 0; i < drawing->out->n_parameters; i++)
        if (drawing->sources[i].found && !is_drawn(drawing, i) && !draw_row(drawing, i, err))
            return false;
    return true;
}

static enum replay_fresh fresh_kind(const struct source *source, const struct type *type)
{
    if (strcmp(source->type, "uuid") == 0)
        return FRESH_UUID;
    return type->category == 'S'                                           ? FRESH_TEXT
           : type->category == 'N' && strncmp(source->type, "int", 3) == 0 ? FRESH_NUMBER
                                                                           : FRESH_NOT;
}

/* Numbers go on far behind the highest. Where that is too high for the column, the values stay those that it has. */
static bool freshen_number(struct drawing *drawing, size_t parameter, struct error *err)
{
    const struct source *source = &drawing->sources[parameter];
    struct replay_statement *out = drawing->out;
    char highest[40];
    bool null = false;
    const char *sql =
        pg_format(drawing->reading->arena, "SELECT (coalesce(max(%s), 0) + %s)::%I::text FROM %s",
                  source->column, far_behind, source->type, source->relation);
    if (!session_value(drawing->session, sql, 0, NULL, highest, sizeof highest, &null, err)) {
        if (!session_failed_at_row(err))
            return false;
        out->fresh[parameter] = FRESH_NOT;
        return true;
    }
    const char *base = arena_strdup(drawing->reading->arena, highest);
    for (size_t set = 0; set < out->n_sets; set++)
        out->sets[set][parameter] = base;
    return true;
}

static bool freshen(struct drawing *drawing, struct error *err)
{
    for (size_t i = 0; i < drawing->out->n_parameters; i++) {
        const struct source *source = &drawing->sources[i];
        if (!source->found || !source->fresh)
            continue;
        drawing->out->fresh[i] = fresh_kind(source, &drawing->types[i]);
        if (drawing->out->fresh[i] == FRESH_NUMBER && !freshen_number(drawing, i, err))
            return false;
    }
    return true;
}

bool replay_draw(struct session *session, const struct replay_reading *reading, struct replay_statement *out,
                 struct error *err)
{
    struct drawing drawing = {.session = session, .reading = reading, .out = out};
    if (!read_types(&drawing, err) || !find_sources(&drawing, err))
        return false;
    draw_by_type(&drawing);
    return draw_rows(&drawing, err) && freshen(&drawing, err);
}
