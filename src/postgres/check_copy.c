/* The expressions of copy and back annotations, put to the server. */
#include <string.h>

#include "migration/annotation.h"
#include "postgres/check_internal.h"
#include "postgres/format.h"

/* A table that the file creates has no shape of its own: its columns are what CREATE TABLE declares. */
static const struct check_table *created(struct check_run *run, const char *name)
{
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        const struct change *change = &run->migration->changes[i];
        if (change->kind != CHANGE_CREATE_TABLE || strcmp(change->table.name, name) != 0 ||
            !change->definition)
            continue;
        struct check_table *table = arena_alloc(run->arena, sizeof *table);
        *table = (struct check_table){.name = {NULL, name}, .created = true};
        for (size_t c = 0; c < change->definition->n_columns; c++) {
            const struct column_def *def = &change->definition->columns[c];
            struct check_column column = {.name = {NULL, def->name},
                                          .type = {NULL, def->type ? def->type : "text"}};
            column.grown = check_type_grows(&run->shapes, column.type[CHECK_NEW]);
            ARENA_PUSH(run->arena, table->columns, table->n_columns, column);
        }
        return table;
    }
    return NULL;
}

static const struct check_table *table_of(struct check_run *run, struct name name, enum check_version version)
{
    const struct check_table *table = check_shapes_table(&run->shapes, name, version);
    return table && table->created ? created(run, name.name) : table;
}

static bool ask(struct check_run *run, const struct annotation *annotation,
                const struct assignment *assignment, const struct check_table *source,
                enum check_version version, const char *type, struct error *err)
{
    const char *word = annotation_kind_name(annotation->kind);
    struct check_expr expr = {
        .text = assignment->expr,
        .what = assignment->column
                    ? pg_format(run->arena, "%s %I.%I", word, annotation->table.name, assignment->column)
                    : pg_format(run->arena, "%s %I … where", word, annotation->table.name),
        .table = source,
        .version = version,
        .alias = annotation->source.name,
        .column = assignment->column,
        .type = type,
        .type_grows = type && check_type_grows(&run->shapes, type),
        .place = assignment->expr_place,
        .verbatim = true,
        .no_volatile = true,
    };
    return check_expr_ask(run, &expr, err);
}

bool check_copy(struct check_run *run, const struct annotation *annotation, struct error *err)
{
    bool copy = annotation->kind == ANNOTATION_COPY;
    enum check_version reads = copy ? CHECK_OLD : CHECK_NEW, gives = copy ? CHECK_NEW : CHECK_OLD;
    const struct check_table *source = table_of(run, annotation->source, reads);
    const struct check_table *target = table_of(run, annotation->table, gives);
    if (!source || !target)
        return true;
    for (size_t i = 0; i < annotation->n_assignments; i++) {
        const struct assignment *assignment = &annotation->assignments[i];
        const struct check_column *column = check_table_column(target, assignment->column, gives);
        if (column && !ask(run, annotation, assignment, source, reads, column->type[gives], err))
            return false;
    }
    return !annotation->condition || ask(run, annotation, annotation->condition, source, reads, NULL, err);
}
