/* Rules that keep values from leaving the source. */

#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/sample/sample_internal.h"
#include "postgres/session.h"

static const struct sample_table *table_of(const struct sampling *sample, const struct scrub_rule *rule)
{
    for (size_t i = 0; i < sample->n_tables; i++)
        if (same_text(sample->tables[i].schema, rule->schema) &&
            same_text(sample->tables[i].name, rule->table))
            return &sample->tables[i];
    return NULL;
}

static const struct sample_column *column_of(const struct sample_table *table, const struct scrub_rule *rule)
{
    for (size_t i = 0; table && i < table->n_columns; i++)
        if (same_text(table->columns[i].name, rule->column))
            return &table->columns[i];
    return NULL;
}

bool sample_check_rules(const struct sampling *sample, const struct sample_wish *wish, struct error *err)
{
    for (size_t i = 0; i < wish->n_rules; i++) {
        const struct scrub_rule *rule = &wish->rules[i];
        const struct sample_table *table = table_of(sample, rule);
        const struct sample_column *column = column_of(table, rule);
        if (column && !column->in_foreign_key)
            continue;
        if (!table)
            error_set(err, ERROR_USAGE, "a scrub rule names a table %s.%s, which is not there", rule->schema,
                      rule->table);
        else if (!column)
            error_set(err, ERROR_USAGE, "a scrub rule names a column %s of %s, which is not there",
                      rule->column, table->relation);
        else
            error_set(err, ERROR_USAGE, "a scrub rule names %s of %s, on which a foreign key rests",
                      rule->column, table->relation);
        if (column)
            error_hint(
                err,
                "rows find one another by these values: scrub the columns that say something of a person");
        return error_where(err, "%s", rule->where);
    }
    return true;
}

static const struct scrub_rule *rule_for(const struct sample_table *table, const struct sample_column *column,
                                         const struct sample_wish *wish)
{
    for (size_t i = 0; i < wish->n_rules; i++)
        if (same_text(wish->rules[i].schema, table->schema) && same_text(wish->rules[i].table, table->name) &&
            same_text(wish->rules[i].column, column->name))
            return &wish->rules[i];
    return NULL;
}

static void append_value(struct text *read, const struct sample_column *column, const struct scrub_rule *rule,
                         const char *salt)
{
    if (!rule)
        pg_append(read, "%I", column->name);
    else if (strcmp(rule->expression, "null") == 0)
        pg_append(read, "NULL::%s", column->type);
    else if (strcmp(rule->expression, "hash") == 0)
        pg_append(read, "left(encode(sha256(convert_to(%L || %I::text, 'UTF8')), 'hex'), 32)", salt,
                  column->name);
    else
        pg_append(read, "(%s)", rule->expression);
}

void sample_lists(struct arena *arena, const struct sample_table *table, const struct sample_wish *wish,
                  const char **read, const char **in)
{
    SEGUE_CLEANUP(text_free) struct text values = {0};
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct sample_column *column = &table->columns[i];
        text_append(&values, i ? ", " : "");
        text_append(&names, i ? ", " : "");
        append_value(&values, column, rule_for(table, column, wish), wish->salt);
        pg_append(&names, "%I", column->name);
    }
    *read = arena_strdup(arena, text_string(&values));
    *in = arena_strdup(arena, text_string(&names));
}

/* "a = …, b = …" for the columns that have rules; empty: none has. */
static void append_sets(struct text *sets, const struct sample_table *table, const struct sample_wish *wish)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct scrub_rule *rule = rule_for(table, &table->columns[i], wish);
        if (!rule)
            continue;
        pg_append(sets, "%s%I = ", sets->length ? ", " : "", table->columns[i].name);
        append_value(sets, &table->columns[i], rule, wish->salt);
    }
}

bool pg_sample_scrub(const struct sampling *sample, const struct sample_wish *wish,
                     const struct session_settings *to, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    if (!sample_check_rules(sample, wish, err) || !pg_open(to, &session, err) ||
        !session_run(session, "SET session_replication_role = replica", err))
        return false;
    for (size_t i = 0; i < sample->n_tables; i++) {
        const struct sample_table *table = &sample->tables[i];
        SEGUE_CLEANUP(text_free) struct text sets = {0};
        append_sets(&sets, table, wish);
        if (sets.length == 0)
            continue;
        if (!session_run(session, pg_format(arena, "UPDATE %s SET %s", table->relation, text_string(&sets)),
                         err) ||
            !session_run(session, pg_format(arena, "VACUUM FULL %s", table->relation), err))
            return false;
    }
    return true;
}
