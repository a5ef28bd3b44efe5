/* Whether what a statement names will be there, and called so, when it runs. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "postgres/planner/statement.h"

bool statement_names_dropped(const struct model *model, const struct model_statement *statement,
                             size_t mention)
{
    const struct model_table *table =
        statement->named[mention] == SIZE_MAX ? NULL : &model->tables[statement->named[mention]];
    return table && table->dropped && table->change > statement->change;
}

/* Whether the word stands in the text as an identifier of its own. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at++) {
        char before = at > text ? at[-1] : ' ';
        char behind = at[length];
        bool apart = !isalnum((unsigned char)before) && before != '_' && !((unsigned char)before & 0x80) &&
                     !isalnum((unsigned char)behind) && behind != '_' && !((unsigned char)behind & 0x80);
        if (apart)
            return true;
    }
    return false;
}

/* Tables are dropped before statements run. */
static bool check_dropped(const struct model *model, const struct model_statement *statement,
                          struct error *err)
{
    const struct change *change = statement->change;
    const struct statement_def *def = change->statement;
    if (statement->stage != STAGE_BACK && statement->stage != STAGE_LATE)
        return true;
    size_t n_dropped = 0;
    for (size_t i = 0; i < def->n_mentions; i++)
        n_dropped += statement_names_dropped(model, statement, i);
    if (def->object == OBJECT_PRIVILEGE && n_dropped < def->n_mentions)
        return true; /* the others are granted on without these */
    for (size_t i = 0; i < def->n_mentions; i++) {
        if (!statement_names_dropped(model, statement, i))
            continue;
        refuse(model, change->place, err,
               "%s runs at complete, when table \"%s\", which it names, is dropped", def->what,
               def->mentions[i].name.name);
        return error_hint(
            err, "do it with psql before `segue start`, write \"-- segue: phase expand\" above it, or "
                 "leave the DROP TABLE to a later migration");
    }
    return true;
}

/* A statement runs when all names are the final ones, so it must be written so. */
static bool check_columns(const struct model *model, const struct model_statement *statement,
                          struct error *err)
{
    const struct change *change = statement->change;
    const struct statement_def *def = change->statement;
    if (statement->stage == STAGE_EXPAND || def->clause)
        return true;
    for (size_t i = 0; i < def->n_mentions; i++) {
        if (statement->named[i] == SIZE_MAX)
            continue;
        const struct model_table *table = &model->tables[statement->named[i]];
        for (size_t k = 0; k < table->n_columns; k++) {
            const struct model_column *column = &table->columns[k];
            bool renamed = column->origin && !column->dropped &&
                           strcmp(column->origin->name, column->name) != 0 && column->change > change;
            if (!renamed || statement->stage != STAGE_BACK || !has_word(change->sql, column->origin->name))
                continue;
            refuse(model, change->place, err,
                   "%s reads column \"%s\" of table \"%s\", which the file renames below it", def->what,
                   column->origin->name, table->name);
            return error_hint(err, "write it below the RENAME COLUMN, with the new name \"%s\"",
                              column->name);
        }
    }
    return true;
}

bool statement_check_names(const struct model *model, const struct model_statement *statement,
                           struct error *err)
{
    return check_dropped(model, statement, err) && check_columns(model, statement, err);
}
