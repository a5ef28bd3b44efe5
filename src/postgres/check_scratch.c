/*
 * Scratch tables: empty ones of the check's own, rolled back with it, on which the server shows what it would say of the real ones.
 * Nothing that exists is locked by them.
 */
#include <string.h>

#include "postgres/check_internal.h"
#include "postgres/format.h"

#define PREFIX "_segue_check_"

struct name check_scratch_name(struct check_run *run, const char *like)
{
    const char *name = arena_printf(run->arena, PREFIX "%u_%s", ++run->scratch, like);
    return (struct name){run->catalog->schema, pg_object_name(run->arena, name, NULL, NULL)};
}

static void unname(char *words)
{
    char *from;
    while ((from = strstr(words, PREFIX))) {
        char *behind = from + strlen(PREFIX);
        behind += strspn(behind, "0123456789");
        behind += *behind == '_';
        memmove(from, behind, strlen(behind) + 1);
    }
}

void check_scratch_unname(struct error *err)
{
    unname(err->message);
    unname(err->detail);
    unname(err->hint);
}

static bool key_is_there(const struct check_table *table, const struct check_key *key)
{
    for (size_t i = 0; i < key->n; i++)
        if (!table->columns[key->columns[i]].name[CHECK_NEW])
            return false;
    return !key->dropped;
}

static void append_key(struct text *sql, const struct check_table *table, const struct check_key *key)
{
    text_append(sql, key->primary ? "PRIMARY KEY (" : "UNIQUE (");
    for (size_t i = 0; i < key->n; i++)
        pg_append(sql, "%s%I", i ? ", " : "", table->columns[key->columns[i]].name[CHECK_NEW]);
    text_append_char(sql, ')');
}

bool check_scratch_create(struct check_run *run, const struct check_table *table, struct name name,
                          struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    const char *comma = "";
    pg_append(&sql, "CREATE TABLE %Q (", name.schema, name.name);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct check_column *column = &table->columns[i];
        if (!column->name[CHECK_NEW])
            continue;
        pg_append(&sql, "%s%I %s", comma, column->name[CHECK_NEW], column->type[CHECK_NEW]);
        comma = ", ";
    }
    for (size_t i = 0; i < table->n_keys; i++) {
        if (!key_is_there(table, &table->keys[i]))
            continue;
        text_append(&sql, comma);
        append_key(&sql, table, &table->keys[i]);
        comma = ", ";
    }
    text_append_char(&sql, ')');
    return session_run(run->session, text_string(&sql), err);
}

bool check_scratch_twin(struct check_run *run, const struct check_table *table, struct name *out,
                        struct error *err)
{
    *out = check_scratch_name(run, table->name[CHECK_NEW]);
    return check_scratch_create(run, table, *out, err);
}
