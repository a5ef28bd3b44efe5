/* The data map: sizes, columns, partitions, and what is hot in them. */
#include "runbook/runbook_internal.h"

#include "base/must.h"

enum { MOST_PARTS = 20 };

static const double hot_share = 0.05; /* of the rows that share one value of a key */
static const double hot_part = 0.5;   /* of the writes that go to one partition */

static const struct document_column sizes[] = {
    {"table", "table", false},           {"rows", "rows", true},
    {"dead_rows", "dead", true},         {"table_bytes", "table size", true},
    {"index_bytes", "index size", true}, {"total_bytes", "total", true},
    {"indexes", "indexes", true},        {"analyzed_at", "analyzed", false},
};

static const struct document_column columns[] = {
    {"table", "table", false},      {"column", "column", false},  {"type", "type", false},
    {"null_share", "NULL", true},   {"distinct", "values", true}, {"key", "key", false},
    {"hot_share", "hottest", true}, {"hot", "value", false},
};

static const struct document_column parts[] = {
    {"table", "table", false},
    {"partition", "partition", false},
    {"rows", "rows", true},
    {"bytes", "size", true},
    {"writes_per_second", "rows written/s", true},
    {"reads_per_second", "reads/s", true},
};

static struct document_value share(struct runbook *book, double value)
{
    return value_number(value, arena_printf(book->arena, "%.3g %%", value * 100));
}

static struct document_value rate(struct runbook *book, double value)
{
    return value_number(value, arena_printf(book->arena, value < 9.95 ? "%.2g" : "%.0f", value));
}

static struct document_value rows(struct runbook *book, double value)
{
    return value < 0 ? value_unknown(book->arena, "never analyzed") : value_count(book->arena, value);
}

static void size_row(struct runbook *book, struct section *section, struct document_table *out,
                     const struct table_facts *table)
{
    struct arena *arena = book->arena;
    const struct document_value none =
        value_unknown(arena, table->why ? table->why : "the server did not tell");
    section_cell(section, out, value_text(table->relation));
    if (!table->measured) {
        for (size_t i = 1; i < SEGUE_COUNT(sizes); i++)
            section_cell(section, out,
                         i == 1 ? none : (struct document_value){.text = "", .unknown = none.unknown});
        return;
    }
    section_cell(section, out, rows(book, table->rows));
    section_cell(section, out, value_count(arena, table->dead));
    section_cell(section, out, value_bytes(arena, table->table_bytes));
    section_cell(section, out, value_bytes(arena, table->index_bytes));
    section_cell(section, out, value_bytes(arena, table->total_bytes));
    section_cell(section, out, value_count(arena, table->n_indexes));
    section_cell(section, out,
                 table->analyzed_at ? value_text(table->analyzed_at)
                                    : (struct document_value){.text = "never", .unknown = "never"});
}

static void column_row(struct runbook *book, struct section *section, struct document_table *out,
                       const struct table_facts *table, const struct column_facts *column)
{
    const struct document_value none = {.text = "no statistics", .unknown = "no statistics"};
    section_cell(section, out, value_text(table->relation));
    section_cell(section, out, value_text(column->name));
    section_cell(section, out, value_text(column->type));
    section_cell(section, out, column->analyzed ? share(book, column->null_share) : none);
    section_cell(section, out, column->analyzed ? value_count(book->arena, column->distinct) : none);
    section_cell(section, out, value_text(column->key ? "yes" : ""));
    section_cell(section, out, column->analyzed ? share(book, column->hot_share) : none);
    section_cell(section, out, value_text(column->hot));
}

static void write_columns(struct runbook *book, struct section *section)
{
    struct document_table *out = NULL;
    size_t n = 0;
    for (size_t i = 0; i < book->facts->n_tables; i++)
        n += book->facts->tables[i].n_columns;
    if (!n)
        return;
    out =
        section_detail(section, "columns", "Columns",
                       arena_printf(book->arena, "%zu column%s: --format markdown, html or --json lists them",
                                    n, n == 1 ? "" : "s"),
                       columns, SEGUE_COUNT(columns));
    for (size_t i = 0; i < book->facts->n_tables; i++)
        for (size_t c = 0; c < book->facts->tables[i].n_columns; c++)
            column_row(book, section, out, &book->facts->tables[i], &book->facts->tables[i].columns[c]);
}

static void write_parts(struct runbook *book, struct section *section, const struct table_facts *table)
{
    if (!table->n_parts)
        return;
    size_t shown = table->n_parts < MOST_PARTS ? table->n_parts : MOST_PARTS;
    struct document_table *out = section_table(
        section, "partitions",
        arena_printf(
            book->arena, "Partitions of %s, the most written first%s", table->relation,
            shown < table->n_parts ? arena_printf(book->arena, " (%zu of %zu)", shown, table->n_parts) : ""),
        parts, SEGUE_COUNT(parts));
    for (size_t i = 0; i < shown; i++) {
        const struct part_facts *part = &table->parts[i];
        section_cell(section, out, value_text(table->relation));
        section_cell(section, out, value_text(part->name));
        section_cell(section, out, rows(book, part->rows));
        section_cell(section, out, value_bytes(book->arena, part->bytes));
        section_cell(section, out, rate(book, part->writes));
        section_cell(section, out, rate(book, part->scans));
    }
}

static void hot_partition(struct runbook *book, struct section *section, const struct table_facts *table)
{
    double writes = 0;
    for (size_t i = 0; i < table->n_parts; i++)
        writes += table->parts[i].writes;
    if (table->n_parts > 1 && writes > 0 && table->parts[0].writes >= writes * hot_part)
        section_bullet(section, "hot",
                       arena_printf(book->arena, "hot partition of %s: %s takes %.0f %% of the rows written",
                                    table->relation, table->parts[0].name,
                                    table->parts[0].writes / writes * 100));
}

/* A key of which one value stands in many rows: they are locked, or filled, one after another. */
static void hot_keys(struct runbook *book, struct section *section, const struct table_facts *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column_facts *column = &table->columns[i];
        if (!column->key || column->hot_share < hot_share)
            continue;
        section_bullet(section, "hot",
                       arena_printf(book->arena,
                                    "hot key of %s: one value of %s%s%s stands in %.0f %% of the rows",
                                    table->relation, column->name, column->hot ? ", " : "",
                                    column->hot ? column->hot : "", column->hot_share * 100));
    }
}

void runbook_data(struct runbook *book)
{
    if (!book->plan->n_tables)
        return;
    struct section *section = runbook_of_facts(book, "data", "Data");
    if (!section)
        return;
    struct document_table *out = section_table(section, "tables", NULL, sizes, SEGUE_COUNT(sizes));
    for (size_t i = 0; i < book->facts->n_tables; i++)
        size_row(book, section, out, &book->facts->tables[i]);
    for (size_t i = 0; i < book->facts->n_tables; i++) {
        hot_partition(book, section, &book->facts->tables[i]);
        hot_keys(book, section, &book->facts->tables[i]);
    }
    for (size_t i = 0; i < book->facts->n_tables; i++)
        write_parts(book, section, &book->facts->tables[i]);
    write_columns(book, section);
}
