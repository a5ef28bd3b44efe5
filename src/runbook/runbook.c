/* The runbook: its head, and its sections in the order in which one reads them. */
#include "runbook/runbook_internal.h"

#include <string.h>

#include "base/layout.h"
#include "migration/digest.h"

enum { SHOWN_DIGITS = 16 };

const char *runbook_seconds(struct arena *arena, double seconds)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    if (seconds < 0.0995)
        return arena_printf(arena, seconds < 0.00095 ? "%.1f ms" : "%.0f ms", seconds * 1000);
    layout_seconds(&text, seconds);
    return arena_strdup(arena, text_string(&text));
}

const char *runbook_range(struct arena *arena, struct range range)
{
    return arena_printf(arena, "%s (%s to %s)", runbook_seconds(arena, range.likely),
                        runbook_seconds(arena, range.low), runbook_seconds(arena, range.high));
}

struct section *runbook_of_facts(struct runbook *book, const char *key, const char *title)
{
    if (!book->facts && !book->request->why_no_facts)
        return NULL;
    struct section *section = section_add(book->body, key, title, NULL);
    if (book->facts)
        return section;
    section_paragraph(section, "not_known",
                      arena_printf(book->arena, "Not known: %s.", book->request->why_no_facts));
    return NULL;
}

static double rows_to_touch(const struct plan *plan)
{
    double rows = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].walk && (plan->steps[i].walk->set || plan->steps[i].walk->insert))
            rows += plan->steps[i].walk->rows;
    return rows;
}

static const char *work(const struct runbook *book, double rows)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    size_t n = book->plan->n_steps;
    text_printf(&line, "%zu step%s, ", n, n == 1 ? "" : "s");
    if (rows > 0) {
        text_append(&line, "about ");
        layout_count(&line, rows);
        text_append(&line, rows < 1.5 ? " row to fill" : " rows to fill");
    } else {
        text_append(&line, "no row to fill");
    }
    return arena_strdup(book->arena, text_string(&line));
}

static void head_line(struct runbook *book, const char *key, const char *label, const char *value)
{
    if (value)
        section_field(book->body, key, label, value_text(value));
}

/* Of the SQL that will be sent: two plans of one fingerprint do the same, whatever the tables hold. */
static const char *sql_digest(struct runbook *book)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    for (size_t i = 0; i < book->plan->n_steps; i++) {
        const struct step *step = &book->plan->steps[i];
        text_printf(&sql, "%s\n", step->id);
        for (size_t act = 0; act < step->n_acts; act++)
            text_printf(&sql, "%s;\n", step->acts[act]);
        for (size_t act = 0; act < step->n_undo; act++)
            text_printf(&sql, "undo %s;\n", step->undo[act]);
        if (step->walk)
            text_printf(&sql, "%s %s %s %s\n", step->walk->table, step->walk->set ? step->walk->set : "",
                        step->walk->insert ? step->walk->insert : "",
                        step->walk->where ? step->walk->where : "");
    }
    return digest_sha256(book->arena, text_string(&sql), sql.length);
}

static void fingerprints(struct runbook *book)
{
    const char *sql = sql_digest(book);
    if (book->plan->digest)
        section_field(book->body, "digests", "digests",
                      value_text(arena_printf(book->arena, "file %.*s, SQL %.*s", SHOWN_DIGITS,
                                              book->plan->digest, SHOWN_DIGITS, sql)));
}

static void server(struct runbook *book)
{
    const struct server_facts *server = book->facts ? &book->facts->server : NULL;
    if (!server && book->request->why_no_facts)
        section_field(book->body, "server", "server",
                      value_unknown(book->arena, book->request->why_no_facts));
    if (!server)
        return;
    if (!server->known) {
        section_field(book->body, "server", "server",
                      value_unknown(book->arena, "it did not answer, see below"));
        return;
    }
    head_line(book, "server", "server",
              arena_printf(book->arena, "PostgreSQL %s, database %s, role %s%s%s", server->version,
                           server->database, server->user,
                           server->address ? ", at " : ", through a local socket",
                           server->address ? server->address : ""));
    head_line(book, "read_at", "read", server->at);
}

/* users in place, orders metadata only; the reasons stand at the tables. */
static void strategy(struct runbook *book)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    for (size_t i = 0; i < book->plan->n_tables; i++)
        if (book->plan->tables[i].strategy)
            text_printf(&line, "%s%s %s", line.length ? ", " : "", book->plan->tables[i].name,
                        book->plan->tables[i].strategy);
    if (line.length)
        head_line(book, "strategy", "strategy", text_string(&line));
}

static void head(struct runbook *book)
{
    const struct plan *plan = book->plan;
    double rows = rows_to_touch(plan);
    book->body->about = plan->goal;
    head_line(book, "owner", "owner", plan->owner);
    head_line(book, "deadline", "deadline", plan->deadline);
    head_line(book, "note", "note", plan->note);
    head_line(book, "versions", "versions",
              arena_printf(book->arena, "%s (old) and %s (new), of schema %s", plan->old_version,
                           plan->new_version, plan->schema));
    section_field(book->body, "rows_to_fill", "work", value_number(rows, work(book, rows)));
    strategy(book);
    fingerprints(book);
    server(book);
}

static void notes(struct runbook *book)
{
    if (!book->plan->n_notes)
        return;
    struct section *section = section_add(book->body, NULL, "Notes", NULL);
    for (size_t i = 0; i < book->plan->n_notes; i++)
        section_bullet(section, NULL, book->plan->notes[i]);
}

static void blind(struct runbook *book)
{
    if (!book->facts || !book->facts->n_blind)
        return;
    struct section *section = section_add(book->body, "blind", "What could not be seen", NULL);
    for (size_t i = 0; i < book->facts->n_blind; i++)
        section_bullet(
            section, "spots",
            arena_printf(book->arena, "%s: %s", book->facts->blind[i].what, book->facts->blind[i].why));
}

struct document *runbook_build(struct arena *arena, const struct runbook_request *request)
{
    struct document *document = document_new(arena, request->plan->name);
    struct runbook book = {.arena = arena,
                           .request = request,
                           .plan = request->plan,
                           .facts = request->facts,
                           .body = document->body,
                           .forecast = forecast_new(request->plan, request->facts)};
    book.forecast.rehearsed = request->rehearsed;
    head(&book);
    runbook_tables(&book);
    notes(&book);
    blind(&book);
    runbook_data(&book);
    runbook_traffic(&book);
    runbook_locks(&book);
    runbook_room(&book);
    runbook_backfill(&book);
    runbook_steps(&book);
    runbook_undo(&book);
    runbook_commands(&book);
    return document;
}
