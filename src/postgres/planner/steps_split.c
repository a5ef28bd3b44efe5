/* The steps of splits: triggers on both sides when the version appears, a walk that copies, a walk that compares. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"

/* Sorts before every other AFTER trigger: a foreign key between the two sides looks when the other side is right already. */
#define WRITE_TRIGGER "!segue_split_%s_write"
#define UPDATE_TRIGGER "!segue_split_%s_update"
#define FILL_TRIGGER "zzz_segue_split_%s_fill"
#define REFILL_TRIGGER "zzz_segue_split_%s_refill"

static const char *plain_name(const struct split_side *side)
{
    return side->table->origin ? side->table->origin->name : side->table->name;
}

static const struct split_side *old_side(const struct split *split)
{
    return split->wide.old_version ? &split->wide : &split->narrow;
}

static const struct split_side *new_side(const struct split *split)
{
    return split->wide.old_version ? &split->narrow : &split->wide;
}

/* --- Expand --- */

static void functions(struct steps *steps, const struct split *split)
{
    const char **statements = NULL, **signatures = NULL;
    size_t n = 0, n_signatures = 0;
    struct step *step =
        step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, plain_name(old_side(split)), "split-functions",
                   arena_printf(steps->arena, "create the functions that keep %s and %s in step",
                                plain_name(old_side(split)), plain_name(new_side(split))));
    step->flags = STEP_NO_LOCKS;
    for (size_t p = 0; p < split->n_pairs; p++) {
        const char *table = split_meet_table(steps->model, split, &split->pairs[p]);
        if (!table)
            continue;
        step_act(steps, split_meet_create(steps->model, split, &split->pairs[p]));
        step_undo(steps, pg_format(steps->arena, "DROP TABLE IF EXISTS %s", table));
    }
    split_functions(steps->model, split, &statements, &n);
    for (size_t i = 0; i < n; i++)
        step_act(steps, statements[i]);
    split_signatures(steps->model, split, &signatures, &n_signatures);
    for (size_t i = n_signatures; i > 0; i--)
        step_undo(steps, pg_format(steps->arena, "DROP FUNCTION IF EXISTS %s", signatures[i - 1]));
}

static void add_read(struct arena *arena, const struct split_map *map, const char *name, const char ***names,
                     size_t *n)
{
    const struct split_column *column = split_column(map->from, name);
    if (!column)
        return;
    const char *physical = split_physical(map->from, column);
    for (size_t i = 0; i < *n; i++)
        if (strcmp((*names)[i], physical) == 0)
            return;
    ARENA_PUSH(arena, *names, *n, physical);
}

/* Every column of the side that its maps read. */
static void reads_of(struct steps *steps, const struct split *split, bool wide, const char ***names,
                     size_t *n)
{
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = wide ? &split->pairs[p].out : &split->pairs[p].in;
        const struct split_map *back = wide ? &split->pairs[p].in : &split->pairs[p].out;
        for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
            const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
            for (size_t c = 0; c < value->n_columns; c++)
                add_read(steps->arena, map, value->columns[c], names, n);
        }
        const struct assignment *condition = map->annotation ? map->annotation->condition : NULL;
        for (size_t c = 0; condition && c < condition->n_columns; c++)
            add_read(steps->arena, map, condition->columns[c], names, n);
        /* A constant of the key is a condition of the way back. */
        for (size_t i = 0; i < back->n_keys; i++)
            add_read(steps->arena, map, back->keys[i].column->name, names, n);
    }
}

static const char *update_trigger(struct steps *steps, const struct split *split,
                                  const struct split_side *side, const char *name, const char *function)
{
    const char **names = NULL;
    size_t n = 0;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    reads_of(steps, split, side == &split->wide, &names, &n);
    pg_append(
        &out,
        "CREATE TRIGGER %I AFTER UPDATE ON %s FOR EACH ROW WHEN (pg_catalog.current_setting('segue.copying', true) IS "
        "DISTINCT FROM 'on' AND pg_catalog.record_image_ne(ROW(",
        name, side->real);
    for (size_t i = 0; i < n; i++)
        pg_append(&out, "%sOLD.%I", i ? ", " : "", names[i]);
    text_append(&out, "), ROW(");
    for (size_t i = 0; i < n; i++)
        pg_append(&out, "%sNEW.%I", i ? ", " : "", names[i]);
    pg_append(&out, "))) EXECUTE FUNCTION %s()", function);
    return arena_strdup(steps->arena, out.data);
}

static void drop_triggers(struct steps *steps, const struct split *split, const struct split_side *side,
                          bool undo)
{
    struct arena *arena = steps->arena;
    const char *names[] = {arena_printf(arena, WRITE_TRIGGER, split->ordinal),
                           arena_printf(arena, UPDATE_TRIGGER, split->ordinal),
                           arena_printf(arena, FILL_TRIGGER, split->ordinal),
                           arena_printf(arena, REFILL_TRIGGER, split->ordinal)};
    size_t n = side == &split->wide && !side->whole ? 4 : 2;
    for (size_t i = 0; i < n; i++) {
        const char *sql = pg_format(arena, undo ? "DROP TRIGGER IF EXISTS %I ON %s" : "DROP TRIGGER %I ON %s",
                                    names[i], side->real);
        if (undo)
            step_undo(steps, sql);
        else
            step_act(steps, sql);
    }
}

/* A row of a kept table that comes, or moves to another key, may find its narrow row there. */
static void fill_triggers(struct steps *steps, const struct split *split, const char *function)
{
    struct arena *arena = steps->arena;
    const struct split_side *side = &split->wide;
    const char *fill = arena_printf(arena, FILL_TRIGGER, split->ordinal);
    const char *refill = arena_printf(arena, REFILL_TRIGGER, split->ordinal);
    SEGUE_CLEANUP(text_free) struct text moved = {0};
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *in = &split->pairs[p].in;
        text_append(&moved, p ? " OR " : "");
        split_append_keys(&moved, in, false, "OLD.", "NEW.");
    }
    const char *quiet = "pg_catalog.current_setting('segue.copying', true) IS DISTINCT FROM 'on'";
    step_act(steps,
             pg_format(arena,
                       "CREATE TRIGGER %I BEFORE INSERT ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s()",
                       fill, side->real, quiet, function));
    step_act(
        steps,
        pg_format(
            arena,
            "CREATE TRIGGER %I BEFORE UPDATE ON %s FOR EACH ROW WHEN (%s AND (%s)) EXECUTE FUNCTION %s()",
            refill, side->real, quiet, moved.data, function));
    step_act(steps, pg_format(arena, "ALTER TABLE %s ENABLE ALWAYS TRIGGER %I, ENABLE ALWAYS TRIGGER %I",
                              side->real, fill, refill));
}

static void triggers(struct steps *steps, const struct split *split, const struct split_side *side)
{
    struct arena *arena = steps->arena;
    bool wide = side == &split->wide;
    const char *function = split_name(steps->model, split, wide ? "wide" : "narrow");
    const char *write = arena_printf(arena, WRITE_TRIGGER, split->ordinal);
    const char *update = arena_printf(arena, UPDATE_TRIGGER, split->ordinal);
    struct step *step =
        step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, plain_name(side), "split-triggers",
                   arena_printf(arena, "what is written to %s is written to %s from now on", plain_name(side),
                                plain_name(wide ? &split->narrow : &split->wide)));
    step->duration = DURATION_INSTANT;
    step_why(steps, "a row that either version writes is seen by the other in its own transaction");
    step_lock(steps, side->real, "SHARE ROW EXCLUSIVE");
    step_act(
        steps,
        pg_format(
            arena,
            "CREATE TRIGGER %I AFTER INSERT OR DELETE ON %s FOR EACH ROW WHEN "
            "(pg_catalog.current_setting('segue.copying', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION %s()",
            write, side->real, function));
    step_act(steps, update_trigger(steps, split, side, update, function));
    step_act(steps, pg_format(arena, "ALTER TABLE %s ENABLE ALWAYS TRIGGER %I, ENABLE ALWAYS TRIGGER %I",
                              side->real, write, update));
    if (wide && !side->whole)
        fill_triggers(steps, split, function);
    drop_triggers(steps, split, side, true);
}

static void drop_agreement(struct steps *steps, const struct split *split, bool undo)
{
    const char **signatures = NULL;
    size_t n = 0;
    split_agreement_signatures(steps->model, split, &signatures, &n);
    for (size_t i = 0; i < n; i++) {
        if (undo)
            step_undo(steps, pg_format(steps->arena, "DROP FUNCTION IF EXISTS %s", signatures[i]));
        else
            step_act(steps, pg_format(steps->arena, "DROP FUNCTION %s", signatures[i]));
    }
}

/* On the way back nothing takes the new rows along with the old ones any more: a foreign key of theirs must not hold the old
 * version's deletes up until their table is gone. */
static void free_old_side(struct steps *steps, const struct split *split)
{
    if (!new_side(split)->whole)
        return;
    step_undo(steps,
              pg_format(steps->arena,
                        "DO $segue$ DECLARE r record; BEGIN FOR r IN SELECT conname FROM "
                        "pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid = "
                        "pg_catalog.to_regclass(%L) AND confrelid = pg_catalog.to_regclass(%L) LOOP EXECUTE "
                        "pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT %%I', %L, r.conname); END LOOP; "
                        "END $segue$",
                        new_side(split)->real, old_side(split)->real, new_side(split)->real));
}

void steps_split_expand(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_splits; i++) {
        const struct split *split = steps->model->splits[i];
        functions(steps, split);
        triggers(steps, split, new_side(split));
        triggers(steps, split, old_side(split));
        drop_agreement(steps, split, true);
        free_old_side(steps, split);
    }
}

/* --- Backfill and verify --- */

static struct walk *new_walk(struct steps *steps, const struct split_side *side)
{
    struct walk *walk = arena_alloc(steps->arena, sizeof *walk);
    *walk = (struct walk){.table = side->real};
    if (side->table->origin) {
        walk->rows = side->table->origin->rows;
        steps_walk_key(steps, side->table, &walk->keys, &walk->key_types, &walk->n_keys);
    }
    return walk;
}

/* The chunk's rows come as _segue_rows, each a row of the old table in column _segue_row. */
static const char *copy_statement(struct steps *steps, const struct split_map *map)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (map->to->whole) {
        pg_append(&out, "INSERT INTO %s (", map->to->real);
        for (size_t i = 0; i < map->n_keys + map->n_values; i++)
            pg_append(
                &out, "%s%I", i ? ", " : "",
                split_physical(map->to,
                               (i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys])->column));
        pg_append(
            &out,
            ") OVERRIDING SYSTEM VALUE SELECT s.* FROM _segue_rows, LATERAL %s(_segue_rows._segue_row) AS s ON CONFLICT (",
            map->function);
        for (size_t i = 0; i < map->n_keys; i++)
            pg_append(&out, "%s%I", i ? ", " : "", split_physical(map->to, map->keys[i].column));
        text_append(&out, ") DO NOTHING");
        return arena_strdup(steps->arena, out.data);
    }
    pg_append(&out, "UPDATE %s AS t SET ", map->to->real);
    split_append_set(&out, map, "s.");
    pg_append(&out, " FROM _segue_rows, LATERAL %s(_segue_rows._segue_row) AS s WHERE ", map->function);
    split_append_match(&out, map, "t", "s");
    text_append(&out, " AND ");
    split_append_values(&out, map, false, "t.", "s.");
    return arena_strdup(steps->arena, out.data);
}

static void backfill(struct steps *steps, const struct split *split)
{
    const struct split_side *from = old_side(split), *to = new_side(split);
    struct walk *walk = new_walk(steps, from);
    for (size_t i = 0; i < split->n_pairs; i++) {
        const struct split_map *map = split_copy(split, &split->pairs[i]);
        if (map->to->whole || map->n_values)
            ARENA_PUSH(steps->arena, walk->copies, walk->n_copies, copy_statement(steps, map));
    }
    if (!walk->n_copies)
        return;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_WALK, plain_name(from), "copy",
                   arena_printf(steps->arena, "copy the rows of %s to %s", plain_name(from), plain_name(to)));
    walk->silence_triggers = !to->whole && steps->model->catalog->can_silence_triggers;
    walk->leaves_stubborn = walk->n_keys > 0;
    step->walk = walk;
    step->duration = DURATION_CHUNKS;
    step_lock(steps, from->real, "ROW SHARE");
    step_lock(steps, to->real, "ROW EXCLUSIVE");
    step_why(steps, "in chunks, each a transaction of its own, paced; a chunk locks the rows that it copies");
}

void steps_split_backfill(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_splits; i++)
        backfill(steps, steps->model->splits[i]);
}

static void compare(struct steps *steps, const struct split_side *side, const char *mismatch,
                    const char *title)
{
    struct step *step = step_begin(steps, PHASE_VERIFY, STEP_WALK, plain_name(side), "split", title);
    step->walk = new_walk(steps, side);
    step->walk->mismatch = mismatch;
    step->duration = DURATION_CHUNKS;
    step_lock(steps, side->real, "ACCESS SHARE");
}

void steps_split_verify(struct steps *steps)
{
    struct model *model = steps->model;
    for (size_t i = 0; i < model->n_splits; i++) {
        const struct split *split = model->splits[i];
        const char *old_name = plain_name(old_side(split)), *new_name = plain_name(new_side(split));
        compare(steps, old_side(split), split_mismatch(model, split),
                arena_printf(steps->arena, "every row of %s has its copy in %s", old_name, new_name));
        if (new_side(split)->whole)
            compare(
                steps, new_side(split),
                pg_format(steps->arena, "NOT %s(%I.*)",
                          split_name(model, split, split->wide.old_version ? "agree_narrow" : "agree_wide"),
                          new_name),
                arena_printf(steps->arena, "every row of %s has its row in %s", new_name, old_name));
    }
}

/* --- Activate and contract --- */

void steps_split_activate(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_splits; i++) {
        const struct split *split = steps->model->splits[i];
        if (split->wide.whole)
            continue;
        step_act(steps, split_wide_trigger(steps->model, split, true));
        step_undo(steps, split_wide_trigger(steps->model, split, false));
    }
}

static void contract_triggers(struct steps *steps, const struct split *split, const struct split_side *side)
{
    struct step *step =
        step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, plain_name(side), "split-triggers",
                   arena_printf(steps->arena, "what is written to %s stays there", plain_name(side)));
    step->flags = STEP_NO_RETURN;
    step->duration = DURATION_INSTANT;
    if (side == old_side(split))
        drop_agreement(steps, split, false);
    drop_triggers(steps, split, side, false);
    step_lock(steps, side->real, "ACCESS EXCLUSIVE");
}

void steps_split_contract(struct steps *steps)
{
    const struct model *model = steps->model;
    for (size_t i = 0; i < model->n_splits; i++) {
        const struct split *split = model->splits[i];
        const char **signatures = NULL;
        size_t n = 0;
        contract_triggers(steps, split, old_side(split));
        contract_triggers(steps, split, new_side(split));
        struct step *step = step_begin(
            steps, PHASE_CONTRACT, STEP_TRANSACTION, plain_name(old_side(split)), "split-functions",
            arena_printf(steps->arena, "drop the functions that kept %s and %s in step",
                         plain_name(old_side(split)), plain_name(new_side(split))));
        step->flags = STEP_NO_RETURN | STEP_NO_LOCKS;
        split_signatures(steps->model, split, &signatures, &n);
        for (size_t k = n; k > 0; k--)
            step_act(steps, pg_format(steps->arena, "DROP FUNCTION IF EXISTS %s", signatures[k - 1]));
        for (size_t p = 0; p < split->n_pairs; p++) {
            const char *table = split_meet_table(steps->model, split, &split->pairs[p]);
            if (table)
                step_act(steps, pg_format(steps->arena, "DROP TABLE IF EXISTS %s", table));
        }
    }
}
