/* The traffic profile: reads and writes, long transactions, and who holds locks on the tables. */
#include "runbook/runbook_internal.h"

#include "base/layout.h"
#include "base/must.h"

static const struct document_column rates[] = {
    {"table", "table", false},
    {"counted", "counted", false},
    {"seconds", "for", true},
    {"reads_per_second", "reads/s", true},
    {"rows_read_per_second", "rows read/s", true},
    {"inserts_per_second", "inserted/s", true},
    {"updates_per_second", "updated/s", true},
    {"deletes_per_second", "deleted/s", true},
};

static const struct document_column transactions[] = {
    {"pid", "pid", true},      {"seconds", "open for", true},
    {"user", "user", false},   {"application", "application", false},
    {"state", "state", false}, {"query", "statement", false},
};

static const struct document_column holders[] = {
    {"pid", "pid", true},
    {"seconds", "open for", true},
    {"user", "user", false},
    {"application", "application", false},
    {"relation", "relation", false},
    {"mode", "lock", false},
    {"granted", "", false},
    {"query", "statement", false},
};

static struct document_value rate(struct runbook *book, double value)
{
    return value_number(value, arena_printf(book->arena, value < 9.95 ? "%.2g" : "%.0f", value));
}

static void rate_row(struct runbook *book, struct section *section, struct document_table *out,
                     const struct table_facts *table, const struct table_rates *counted, const char *since)
{
    const double values[] = {counted->scans, counted->rows_read, counted->inserts, counted->updates,
                             counted->deletes};
    if (!counted->known)
        return;
    section_cell(section, out, value_text(table->relation));
    section_cell(section, out, value_text(since));
    section_cell(section, out,
                 value_number(counted->seconds, runbook_seconds(book->arena, counted->seconds)));
    for (size_t i = 0; i < SEGUE_COUNT(values); i++)
        section_cell(section, out, rate(book, values[i]));
}

static void write_rates(struct runbook *book, struct section *section)
{
    const struct facts *facts = book->facts;
    bool any = false, now = false;
    for (size_t i = 0; i < facts->n_tables; i++) {
        any = any || facts->tables[i].since.known || facts->tables[i].now.known;
        now = now || facts->tables[i].now.known;
    }
    if (!any) {
        section_field(section, "rates", "reads, writes",
                      value_unknown(book->arena, "the server has counted nothing of these tables"));
        return;
    }
    struct document_table *out = section_table(section, "rates", NULL, rates, SEGUE_COUNT(rates));
    const char *since = arena_printf(book->arena, "since %s", facts->server.counted_since);
    for (size_t i = 0; i < facts->n_tables; i++) {
        rate_row(book, section, out, &facts->tables[i], &facts->tables[i].since, since);
        rate_row(book, section, out, &facts->tables[i], &facts->tables[i].now, "now");
    }
    if (now)
        section_paragraph(
            section, NULL,
            "Sessions report what they did about once a second, so what is counted now is a hint; --sample 5s looks "
            "for longer.");
    else
        section_field(section, "now", "now",
                      value_unknown(book->arena, "it was not looked at for a while (--sample)"));
}

static struct document_value age(struct runbook *book, double seconds)
{
    return seconds < 0 ? value_unknown(book->arena, "hidden")
                       : value_number(seconds, runbook_seconds(book->arena, seconds));
}

static struct document_value shown(struct runbook *book, const char *text)
{
    return text ? value_text(text) : value_unknown(book->arena, "hidden");
}

static void write_transactions(struct runbook *book, struct section *section)
{
    const struct facts *facts = book->facts;
    if (!facts->transactions_known)
        return;
    if (!facts->n_transactions) {
        section_field(section, NULL, "transactions",
                      value_text(facts->server.hidden ? "none that this role may see" : "no other is open"));
        return;
    }
    struct document_table *out = section_table(section, "transactions", "Longest transactions now",
                                               transactions, SEGUE_COUNT(transactions));
    for (size_t i = 0; i < facts->n_transactions; i++) {
        const struct session_facts *one = &facts->transactions[i];
        section_cell(section, out, value_number(one->pid, arena_printf(book->arena, "%d", one->pid)));
        section_cell(section, out, age(book, one->seconds));
        section_cell(section, out, shown(book, one->user));
        section_cell(section, out, shown(book, one->application));
        section_cell(section, out, shown(book, one->state));
        section_cell(section, out, shown(book, one->query));
    }
}

static void write_holders(struct runbook *book, struct section *section)
{
    const struct facts *facts = book->facts;
    if (!facts->holders_known)
        return;
    if (!facts->n_holders) {
        section_field(section, NULL, "locks", value_text("nobody holds a lock on what the plan locks"));
        return;
    }
    struct document_table *out = section_table(
        section, "holders", "Who holds locks now on what the plan locks", holders, SEGUE_COUNT(holders));
    for (size_t i = 0; i < facts->n_holders; i++) {
        const struct session_facts *one = &facts->holders[i];
        section_cell(section, out, value_number(one->pid, arena_printf(book->arena, "%d", one->pid)));
        section_cell(section, out, age(book, one->seconds));
        section_cell(section, out, shown(book, one->user));
        section_cell(section, out, shown(book, one->application));
        section_cell(section, out, value_text(one->relation));
        section_cell(section, out, value_text(one->mode));
        section_cell(section, out, value_text(one->granted ? "holds" : "waits"));
        section_cell(section, out, shown(book, one->query));
    }
    section_paragraph(
        section, NULL,
        "segue does not queue behind a transaction that is older than its lock ceiling: it waits beside, and names it.");
}

static void write_server(struct runbook *book, struct section *section)
{
    const struct server_facts *server = &book->facts->server;
    SEGUE_CLEANUP(text_free) struct text wal = {0};
    if (!server->known)
        return;
    section_field(section, "sessions", "sessions",
                  value_number(server->sessions,
                               arena_printf(book->arena, "%d other%s, %d at work%s", server->sessions,
                                            server->sessions == 1 ? "" : "s", server->at_work,
                                            server->hidden ? " of those that this role may see" : "")));
    if (server->wal_per_second >= 0) {
        layout_bytes(&wal, server->wal_per_second);
        section_field(section, "wal_per_second", "log written",
                      value_number(server->wal_per_second,
                                   arena_printf(book->arena, "%s a second now, by the whole server",
                                                text_string(&wal))));
    } else {
        section_field(section, "wal_per_second", "log written",
                      value_unknown(book->arena, "it was not looked at for a while (--sample)"));
    }
    section_field(section, "standbys", "standbys", value_count(book->arena, server->standbys));
}

void runbook_traffic(struct runbook *book)
{
    struct section *section = runbook_of_facts(book, "traffic", "Traffic");
    if (!section)
        return;
    write_server(book, section);
    if (book->facts->n_tables)
        write_rates(book, section);
    write_transactions(book, section);
    write_holders(book, section);
    section_field(section, "lock_hours", "by the hour",
                  value_unknown(book->arena, "nobody records who holds locks at which hours"));
}
