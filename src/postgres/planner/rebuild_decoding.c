/*
 * Rebuild: what changes while the rows are copied, read from the server's log (docs/decisions/0034). The journal is the one of the
 * triggers, with the transaction of each key; postgres/capture.c fills it.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "catalog/carry.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"

/* The second table, and as much log again. */
static const double room_for_log = 2.2;
/* The log that a slot may keep: what the rebuild itself writes while its indexes are built in one transaction, and as much again. */
static const double least_ceiling = 4.0 * 1024 * 1024 * 1024, ceiling_of_table = 3;

static bool has_name(const struct carry *carry, const char *name)
{
    for (size_t i = 0; i < carry->n_identity_columns; i++)
        if (strcmp(carry->identity_columns[i], name) == 0)
            return true;
    return false;
}

/* Why what changes in the table cannot be read from the log; NULL: it can. */
static const char *obstacle(struct model *model, const struct model_table *table)
{
    const struct carry *carry = table->origin->carry;
    const char **names = NULL;
    size_t n = 0;
    if (carry->unlogged)
        return carry->unlogged;
    if (carry->free_bytes >= 0 && (double)carry->free_bytes < (double)carry->total_bytes * room_for_log)
        return "there is no room for the log that a slot would keep";
    steps_walk_names(model->arena, table, &names, &n);
    for (size_t i = 0; i < n; i++)
        if (!has_name(carry, names[i]))
            return arena_printf(model->arena, "its replica identity does not have \"%s\"", names[i]);
    return n ? NULL : "it has no key";
}

void rebuild_choose_capture(struct model *model, struct model_table *table)
{
    const struct carry *carry = table->origin->carry;
    const char *how;
    table->decoded = false;
    if (!table->rebuilt || !carry->slot || carry->capture == CAPTURE_TRIGGER)
        return;
    const char *why_not = obstacle(model, table);
    table->decoded = !why_not;
    how = why_not ? arena_printf(model->arena, "triggers note what changes meanwhile: %s", why_not)
                  : "what changes meanwhile is read from the server's log, without triggers";
    table->strategy_why =
        table->strategy_why ? arena_printf(model->arena, "%s; %s", table->strategy_why, how) : how;
}

static const char *slot_name(const struct rebuild *rebuild)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_printf(&out, "%s_", rebuild->table->origin->carry->slot);
    /* The number alone: one migration at a time is on its way, and a slot's name has few characters to choose from. */
    for (const char *c = rebuild->table->ordinal; isdigit((unsigned char)*c); c++)
        text_append_char(&out, *c);
    return arena_strdup(rebuild->arena, out.data);
}

/* The INSERT for arrays of texts: the transactions, and each column of the key. */
static const char *journal_insert(const struct rebuild *rebuild)
{
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    SEGUE_CLEANUP(text_free) struct text arrays = {0};
    SEGUE_CLEANUP(text_free) struct text aliases = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++) {
        text_printf(&columns, ", _segue_k%zu", i + 1);
        text_printf(&values, ", k%zu::%s", i + 1, rebuild->key_types[i]);
        text_printf(&arrays, ", pg_catalog.unnest($%zu::pg_catalog.text[])", i + 2);
        text_printf(&aliases, ", k%zu", i + 1);
    }
    return arena_printf(rebuild->arena,
                        "INSERT INTO %s (_segue_xid%s) SELECT x::pg_catalog.int8%s FROM "
                        "ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[])%s) AS u (x%s)",
                        rebuild->journal, columns.data, values.data, arrays.data, aliases.data);
}

/* What the steps of this rebuild read; NULL: triggers note it. */
struct capture *rebuild_capture_of(const struct rebuild *rebuild)
{
    const struct model_table *table = rebuild->table;
    if (!table->decoded)
        return NULL;
    double size = (double)table->origin->carry->total_bytes * ceiling_of_table;
    struct capture *capture = arena_alloc(rebuild->arena, sizeof *capture);
    *capture =
        (struct capture){.table = table->real,
                         .slot = slot_name(rebuild),
                         .publication = pg_object_name(rebuild->arena, "segue_capture", table->ordinal, NULL),
                         .journal = journal_insert(rebuild),
                         .ceiling = size > least_ceiling ? size : least_ceiling};
    steps_walk_names(rebuild->arena, table, &capture->keys, &capture->n_keys);
    return capture;
}

void rebuild_reading(struct rebuild *rebuild)
{
    struct plan *plan = rebuild->steps->plan;
    plan->steps[plan->n_steps - 1].capture = rebuild->read;
}

void rebuild_locked(struct rebuild *rebuild, struct step *step)
{
    if (!rebuild->read)
        return;
    step->capture = arena_alloc(rebuild->arena, sizeof *step->capture);
    *step->capture = *rebuild->read;
    step->capture->locking = (int)step->n_acts;
}

/* From 15 on the other columns can be left out of what is sent. */
static const char *create_publication(const struct rebuild *rebuild)
{
    const struct carry *carry = rebuild->table->origin->carry;
    bool some = rebuild->steps->model->catalog->server_version >= 150000 && carry->identity != 'f';
    const char *columns = some ? pg_format(rebuild->arena, " (%s)",
                                           pg_identifier_list(rebuild->arena, carry->identity_columns,
                                                              carry->n_identity_columns))
                               : "";
    return pg_format(rebuild->arena, "CREATE PUBLICATION %I FOR TABLE ONLY %s%s", rebuild->read->publication,
                     rebuild->table->real, columns);
}

static const char *drop_publication(const struct rebuild *rebuild)
{
    return pg_format(rebuild->arena, "DROP PUBLICATION IF EXISTS %I", rebuild->read->publication);
}

static const char *drop_slot(const struct rebuild *rebuild)
{
    return pg_format(rebuild->arena, "SELECT segue.slot_drop(%L)", rebuild->read->slot);
}

/* A slot reads with the publications of the moment that it reads, so the publication is there before it. */
static void publish(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const char *name = rebuild->table->origin->name;
    struct step *step = step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, name, "capture",
                                   arena_printf(arena, "publish the keys of rows of %s that change", name));
    step->duration = DURATION_INSTANT;
    step_lock(steps, rebuild->table->real, "SHARE UPDATE EXCLUSIVE");
    step_why(steps, "what changes while the rows are copied is read from the server's log");
    step_act(steps, drop_slot(rebuild)); /* of a migration that nobody ended */
    step_act(steps, rebuild_journal(rebuild));
    step_act(steps, create_publication(rebuild));
    step_undo(steps, drop_publication(rebuild));
    step_undo(steps, pg_format(arena, "DROP TABLE IF EXISTS %s", rebuild->journal));
}

static void make_slot(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const char *slot = rebuild->read->slot;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_ALONE, rebuild->table->origin->name, "slot",
                   arena_printf(arena, "make the replication slot %s, which keeps the log", slot));
    step->duration = DURATION_NONE;
    step->flags = STEP_NO_LOCKS;
    step_why(steps, "the server waits for the transactions that write anything at that moment");
    step->probe = pg_format(
        arena, "SELECT EXISTS (SELECT FROM pg_catalog.pg_replication_slots AS s WHERE s.slot_name = %L)",
        slot);
    step_act(steps,
             pg_format(arena, "SELECT pg_catalog.pg_create_logical_replication_slot(%L, 'pgoutput')", slot));
    step_undo(steps, drop_slot(rebuild));
}

/* The log tells all of a transaction that begins to write to the table from now on. The others must be over before a row is read. */
static void wait_for_writers(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    const struct model_table *table = rebuild->table;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_ALONE, table->origin->name, "writers",
                   arena_printf(rebuild->arena, "wait for the transactions that are writing to %s",
                                table->origin->name));
    step->duration = DURATION_NONE;
    step->flags = STEP_NO_LOCKS;
    step->probe = "SELECT false"; /* once more does no harm */
    step_act(steps, pg_format(rebuild->arena, "SELECT segue.wait_for_writers(%L)", table->real));
    rebuild_reading(rebuild);
}

void rebuild_decode(struct rebuild *rebuild)
{
    publish(rebuild);
    make_slot(rebuild);
    wait_for_writers(rebuild);
}

void rebuild_decode_end(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct capture *capture = rebuild->read;
    if (!capture)
        return;
    struct step *step = step_begin(steps, PHASE_BACKFILL, STEP_ALONE, rebuild->table->origin->name, "release",
                                   arena_printf(arena, "drop the replication slot %s", capture->slot));
    step->duration = DURATION_NONE;
    step->flags = STEP_NO_LOCKS;
    step->probe = pg_format(
        arena,
        "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots AS s WHERE s.slot_name = %L) "
        "AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication AS p WHERE p.pubname = %L)",
        capture->slot, capture->publication);
    step_act(steps, drop_slot(rebuild));
    step_act(steps, drop_publication(rebuild));
}

/* No transaction: a row that was left because it fails. The journal has the lower half of a transaction's id; the one meant is the nearest to the present. */
const char *rebuild_seen(const struct rebuild *rebuild)
{
    if (!rebuild->read)
        return "true";
    return "(_segue_xid IS NULL OR "
           "pg_catalog.pg_visible_in_snapshot(segue.whole_xid(_segue_xid), pg_catalog.pg_current_snapshot()))";
}

const char *rebuild_all_seen(const struct rebuild *rebuild)
{
    return pg_format(
        rebuild->arena,
        "DO $segue$ BEGIN IF EXISTS (SELECT FROM %s) THEN RAISE EXCEPTION 'a change of %s came out of "
        "the log before its transaction ended' USING ERRCODE = 'lock_not_available'; END IF; END $segue$",
        rebuild->journal, rebuild->table->real);
}
