/* What the work needs: room on the disk, log, and time. */
#include <math.h>
#include <string.h>

#include "base/layout.h"
#include "base/must.h"
#include "runbook/runbook_internal.h"

/* Parts of the table with its indexes that are written, by what was measured on plain hardware (docs/performance.md): a row in place
 * leaves its old version behind and an entry in each index, and the log has pages besides. */
static const struct range in_place_disk = {0.3, 1, 1.2}, in_place_log = {1.5, 3, 5};
static const struct range copied_disk = {0.8, 1.05, 1.3}, copied_log = {0.8, 1.3, 2};
static const double index_entry = 24; /* bytes of an index that is built, for a row */

static const struct document_column room[] = {
    {"table", "table", false}, {"strategy", "strategy", false}, {NULL, "disk", true},
    {NULL, "log (WAL)", true}, {"disk_low", NULL, true},        {"disk_likely", NULL, true},
    {"disk_high", NULL, true}, {"wal_low", NULL, true},         {"wal_likely", NULL, true},
    {"wal_high", NULL, true},
};

static const struct document_column work[] = {
    {"step", "step", true},          {"what", "what", false},     {"rows", "rows", true},
    {NULL, "likely", true},          {NULL, "low", true},         {NULL, "high", true},
    {"rests_on", "rests on", false}, {"seconds_low", NULL, true}, {"seconds_likely", NULL, true},
    {"seconds_high", NULL, true},
};

static const char *bytes(struct runbook *book, double value)
{
    return value_bytes(book->arena, value).text;
}

static const char *bytes_range(struct runbook *book, struct range range)
{
    if (range.high <= 0)
        return "none";
    return arena_printf(book->arena, "%s (%s to %s)", bytes(book, range.likely), bytes(book, range.low),
                        bytes(book, range.high));
}

/* Whether rows of the table are written where they are, or into a new one. */
static bool is_filled(const struct plan *plan, const char *relation, bool copied)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct walk *walk = plan->steps[i].walk;
        if (!walk || strcmp(walk->table, relation) != 0)
            continue;
        if (copied ? walk->insert != NULL : walk->set || walk->remove || walk->n_copies)
            return true;
    }
    return false;
}

/* Indexes that are built beside those that are there. */
static double built(const struct runbook *book, const struct table_facts *table)
{
    double entries = 0;
    for (size_t i = 0; i < book->plan->n_steps; i++) {
        const struct step *step = &book->plan->steps[i];
        if (step->duration == DURATION_BUILD && step->n_locks &&
            strcmp(step->locks[0].relation, table->relation) == 0)
            entries += table->rows > 0 ? table->rows : table->live;
    }
    return entries * index_entry;
}

static void needs(const struct runbook *book, const struct table_facts *table, struct range *disk,
                  struct range *log)
{
    *disk = *log = (struct range){0};
    if (is_filled(book->plan, table->relation, false)) {
        *disk = range_times(in_place_disk, table->total_bytes);
        *log = range_times(in_place_log, table->total_bytes);
    }
    if (is_filled(book->plan, table->relation, true)) {
        *disk = range_add(*disk, range_times(copied_disk, table->total_bytes));
        *log = range_add(*log, range_times(copied_log, table->total_bytes));
    }
    const struct range indexes = range_times(range_of(0.7, 1, 2), built(book, table));
    *disk = range_add(*disk, indexes);
    *log = range_add(*log, indexes);
}

static void numbers(struct section *section, struct document_table *out, struct range range)
{
    section_cell(section, out, value_number(range.low, ""));
    section_cell(section, out, value_number(range.likely, ""));
    section_cell(section, out, value_number(range.high, ""));
}

static void room_row(struct runbook *book, struct section *section, struct document_table *out, size_t i,
                     struct range *disk_sum, struct range *log_sum)
{
    const struct table_facts *table = &book->facts->tables[i];
    const char *strategy = book->plan->tables[i].strategy;
    struct range disk, log;
    needs(book, table, &disk, &log);
    section_cell(section, out, value_text(table->relation));
    section_cell(section, out, value_text(strategy ? strategy : ""));
    section_cell(section, out, value_text(bytes_range(book, disk)));
    section_cell(section, out, value_text(bytes_range(book, log)));
    numbers(section, out, disk);
    numbers(section, out, log);
    *disk_sum = range_add(*disk_sum, disk);
    *log_sum = range_add(*log_sum, log);
}

static double least_free(const struct facts *facts)
{
    double least = -1;
    for (size_t i = 0; i < facts->n_tables; i++) {
        double free_bytes = facts->tables[i].free_bytes;
        if (free_bytes >= 0 && (least < 0 || free_bytes < least))
            least = free_bytes;
    }
    return least;
}

static void write_free(struct runbook *book, struct section *section, struct range disk, struct range log)
{
    double free_bytes = least_free(book->facts);
    if (free_bytes < 0) {
        section_field(
            section, "free_bytes", "free disk",
            value_unknown(book->arena,
                          "the server is on another machine, or this role may not see where its files are "
                          "(pg_read_all_settings)"));
        return;
    }
    section_field(section, "free_bytes", "free disk", value_bytes(book->arena, free_bytes));
    double needed = disk.high + log.high;
    if (needed > free_bytes)
        section_warning(section, "warning",
                        arena_printf(book->arena,
                                     "It may become full: as much as %s may be written, %s are free.",
                                     bytes(book, needed), bytes(book, free_bytes)));
}

static void write_log(struct runbook *book, struct section *section)
{
    const struct server_facts *server = &book->facts->server;
    if (!server->known)
        return;
    section_field(section, "max_wal_bytes", "max_wal_size", value_bytes(book->arena, server->max_wal_bytes));
    if (server->slots)
        section_field(section, "slot_bytes", "kept by slots",
                      value_number(server->slot_bytes,
                                   arena_printf(book->arena,
                                                "%s, by %d replication slot%s; what they do not read stays",
                                                bytes(book, server->slot_bytes), server->slots,
                                                server->slots == 1 ? "" : "s")));
}

void runbook_room(struct runbook *book)
{
    struct section *section = runbook_of_facts(book, "room", "Disk and log");
    if (!section)
        return;
    struct range disk = {0}, log = {0};
    if (book->facts->n_tables) {
        struct document_table *out = section_table(section, "tables", NULL, room, SEGUE_COUNT(room));
        for (size_t i = 0; i < book->facts->n_tables; i++)
            room_row(book, section, out, i, &disk, &log);
    }
    write_free(book, section, disk, log);
    write_log(book, section);
    if (disk.high > 0)
        section_paragraph(
            section, "rests_on",
            "The shares of the table's size rest on what was measured on another machine (docs/performance.md).");
}

/* Steps that take longer than an instant. */
static bool takes_time(const struct step *step)
{
    if (step->kind != STEP_TRANSACTION && step->kind != STEP_ALONE)
        return true;
    return step->duration == DURATION_SCAN || step->duration == DURATION_BUILD ||
           step->duration == DURATION_HELD;
}

static const char *rests_on(struct runbook *book, const struct step *step)
{
    const struct measured *measured = forecast_rests_on(&book->forecast, step);
    const struct rehearsed *rehearsed = book->forecast.rehearsed;
    if (rehearsed_step(rehearsed, step->id, false))
        return arena_printf(book->arena, "a rehearsal with %g %% of the rows", rehearsed->percent);
    if (!measured)
        return forecast_ground(&book->forecast, step).counted ? "sizes of this server, speed of another"
                                                              : "sizes of the plan, speed of another server";
    return arena_printf(book->arena, "%zu earlier backfill%s here", measured->n, measured->n == 1 ? "" : "s");
}

static struct range work_row(struct runbook *book, struct section *section, struct document_table *out,
                             size_t i)
{
    const struct step *step = &book->plan->steps[i];
    struct range range = forecast_step(&book->forecast, step);
    section_cell(section, out, value_number((double)i + 1, arena_printf(book->arena, "%zu", i + 1)));
    section_cell(section, out, value_text(step->title));
    section_cell(section, out,
                 step->walk ? value_count(book->arena, step->walk->rows) : value_number(NAN, ""));
    section_cell(section, out, value_text(runbook_seconds(book->arena, range.likely)));
    section_cell(section, out, value_text(runbook_seconds(book->arena, range.low)));
    section_cell(section, out, value_text(runbook_seconds(book->arena, range.high)));
    section_cell(section, out, value_text(rests_on(book, step)));
    numbers(section, out, range);
    return range;
}

/* What the ranges rest on, and how wide they are for it. */
static void write_grounds(const struct runbook *book, struct section *section, bool measured)
{
    const struct rehearsed *rehearsed = book->forecast.rehearsed;
    if (rehearsed)
        section_paragraph(
            section, "ground",
            arena_printf(
                book->arena,
                "Rehearsed on %s, with %g %% of the rows of large tables and nobody else at work: where others are, "
                "rows are moved for a part of the time only. Steps that the rehearsal did not have are judged by what "
                "was measured elsewhere.",
                rehearsed->at, rehearsed->percent));
    else if (measured)
        section_paragraph(
            section, "ground",
            "Backfills are judged by earlier ones in this database, of other tables perhaps, with all their rests; "
            "everything else by what was measured on another machine.");
    else
        section_warning(section, "ground",
                        "This rests on nothing that was measured here: the speed is that of another machine "
                        "(docs/performance.md), hence the width of the range.");
}

/* How much of the time rows may be moved, and why. */
static void write_share(struct runbook *book, struct section *section)
{
    const struct forecast *forecast = &book->forecast;
    section_paragraph(
        section, "share",
        arena_printf(
            book->arena,
            "Rows are moved %.0f to %.0f %% of the time, likely %.0f %%, because %s. Waits for locks and for old "
            "transactions come on top.",
            forecast->share.low * 100, forecast->share.high * 100, forecast->share.likely * 100,
            !book->facts || !book->facts->server.known ? "nobody knows whether others are at work"
            : book->facts->server.hidden               ? "others may be at work that this role cannot see"
            : forecast->busy                           ? "others are at work"
                                                       : "hardly anybody else is at work"));
}

void runbook_backfill(struct runbook *book)
{
    struct range sum = {0};
    bool measured = false, paced = false;
    struct document_table *out = NULL;
    struct section *section = section_add(book->body, "backfill", "How long it takes", NULL);
    for (size_t i = 0; i < book->plan->n_steps; i++) {
        const struct step *step = &book->plan->steps[i];
        paced = paced || step->walk;
        if (!takes_time(step) || step->phase == PHASE_CONTRACT) {
            sum = step->phase == PHASE_CONTRACT ? sum : range_add(sum, forecast_step(&book->forecast, step));
            continue;
        }
        out = out ? out : section_table(section, "steps", NULL, work, SEGUE_COUNT(work));
        sum = range_add(sum, work_row(book, section, out, i));
        measured = measured || forecast_rests_on(&book->forecast, step) ||
                   rehearsed_step(book->forecast.rehearsed, step->id, false);
    }
    section_field(section, "seconds_likely", "segue start",
                  value_number(sum.likely, arena_printf(book->arena, "likely %s in all",
                                                        runbook_seconds(book->arena, sum.likely))));
    section_field(section, "seconds_low", "at best",
                  value_number(sum.low, runbook_seconds(book->arena, sum.low)));
    section_field(section, "seconds_high", "at worst",
                  value_number(sum.high, runbook_seconds(book->arena, sum.high)));
    section_field(section, "measured", "measured", value_text(measured ? "in part" : "nothing"));
    write_grounds(book, section, measured);
    if (paced && !book->forecast.rehearsed)
        write_share(book, section);
}
