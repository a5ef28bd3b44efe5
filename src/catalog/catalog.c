/* Looking things up in a snapshot. Tables have few columns and a plan asks few questions, so a linear search does. */
#include "catalog/catalog.h"

#include <string.h>

#include "base/compare.h"

#define FIND(array, count, wanted)                      \
    do {                                                \
        for (size_t i = 0; i < (count); i++)            \
            if (strcmp((array)[i].name, (wanted)) == 0) \
                return &(array)[i];                     \
        return NULL;                                    \
    } while (0)

const struct table *catalog_table(const struct catalog *catalog, const char *name)
{
    FIND(catalog->tables, catalog->n_tables, name);
}

static void take_sizes(struct table *table, const struct table *from)
{
    table->own_rows = table->rows;
    table->rows = from->rows;
    table->bytes = from->bytes;
    table->pages = from->pages;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column *column = table_column(from, table->columns[i].name);
        if (column)
            table->columns[i].correlation = column->correlation;
    }
}

void catalog_take_sizes(struct catalog *catalog, const struct catalog *from)
{
    catalog->cache_pages = from->cache_pages;
    for (size_t i = 0; i < catalog->n_tables; i++) {
        const struct table *table = catalog_table(from, catalog->tables[i].name);
        if (table)
            take_sizes(&catalog->tables[i], table);
    }
}

const struct catalog_type *catalog_enum(const struct catalog *catalog, const char *name)
{
    FIND(catalog->enums, catalog->n_enums, name);
}

const struct catalog_view *catalog_view(const struct catalog *catalog, const char *name)
{
    for (size_t i = 0; i < catalog->n_views; i++) {
        if (strcmp(catalog->views[i].name, name) == 0)
            return &catalog->views[i];
    }
    return NULL;
}

const struct catalog_function *catalog_function(const struct catalog *catalog, const char *name,
                                                size_t arguments)
{
    for (size_t i = 0; i < catalog->n_functions; i++) {
        if ((size_t)catalog->functions[i].arguments == arguments &&
            strcmp(catalog->functions[i].name, name) == 0)
            return &catalog->functions[i];
    }
    return NULL;
}

const struct column *table_column(const struct table *table, const char *name)
{
    FIND(table->columns, table->n_columns, name);
}

const struct column *table_column_number(const struct table *table, int number)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->columns[i].number == number)
            return &table->columns[i];
    return NULL;
}

const struct catalog_constraint *table_constraint(const struct table *table, const char *name)
{
    FIND(table->constraints, table->n_constraints, name);
}

const struct catalog_index *table_index(const struct table *table, const char *name)
{
    FIND(table->indexes, table->n_indexes, name);
}

bool table_is_child(const struct table *child, const struct table *parent)
{
    return name_is_among(child->parents, child->n_parents, parent->name);
}

const struct table *catalog_index_table(const struct catalog *catalog, const char *index_name,
                                        const struct catalog_index **index)
{
    for (size_t i = 0; i < catalog->n_tables; i++) {
        const struct catalog_index *found = table_index(&catalog->tables[i], index_name);
        if (!found)
            continue;
        if (index)
            *index = found;
        return &catalog->tables[i];
    }
    return NULL;
}

const struct catalog_sequence *catalog_sequence(const struct catalog *catalog, const char *name)
{
    for (size_t i = 0; i < catalog->n_sequences; i++) {
        if (strcmp(catalog->sequences[i].name, name) == 0)
            return &catalog->sequences[i];
    }
    return NULL;
}

const struct catalog_sequence *catalog_sequence_of(const struct catalog *catalog, const struct table *table,
                                                   const struct column *column)
{
    for (size_t i = 0; i < catalog->n_sequences; i++) {
        const struct catalog_sequence *sequence = &catalog->sequences[i];
        if (sequence->table && sequence->column == column->number &&
            strcmp(sequence->table, table->name) == 0 && (sequence->identity || !column->identity))
            return sequence;
    }
    return NULL;
}
