/* Passes of verification in schema `segue`, and whether what they proved still holds. */

#include "postgres/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"

enum { NUMBER_SIZE = 32, KEEPERS_SIZE = 64 };

static const char *boolean(bool value)
{
    return value ? "true" : "false";
}

static bool read_keepers(struct session *session, int64_t id, char *keepers, struct arena *arena,
                         const char **disabled, struct error *err)
{
    char id_text[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_pass_keepers, 1, values, &rows, err))
        return false;
    const char *found = rows_get(rows, 0, 0), *off = rows_get(rows, 0, 1);
    (void)snprintf(keepers, KEEPERS_SIZE, "%s", found ? found : "");
    if (disabled)
        *disabled = off ? arena_strdup(arena, off) : NULL;
    return true;
}

bool pg_pass_begin(struct session *session, int64_t id, const char *kind, int64_t *pass, struct error *err)
{
    char id_text[NUMBER_SIZE], keepers[KEEPERS_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text, kind, keepers};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!read_keepers(session, id, keepers, NULL, NULL, err) ||
        !session_query(session, sql_pass_begin, SEGUE_COUNT(values), values, &rows, err))
        return false;
    *pass = strtoll(rows_get(rows, 0, 0), NULL, 10);
    return true;
}

bool pg_pass_write(struct session *session, int64_t id, int64_t pass, const struct compare_result *figures,
                   bool ended, bool whole, struct error *err)
{
    char pass_text[NUMBER_SIZE], keepers[KEEPERS_SIZE];
    char rows_text[NUMBER_SIZE], differences[NUMBER_SIZE], mended[NUMBER_SIZE];
    (void)snprintf(pass_text, sizeof pass_text, "%" PRId64, pass);
    (void)snprintf(rows_text, sizeof rows_text, "%.0f", figures->rows);
    (void)snprintf(differences, sizeof differences, "%.0f", figures->differences);
    (void)snprintf(mended, sizeof mended, "%.0f", figures->mended);
    /* With differences left it proves nothing, whole or not. */
    bool complete = ended && whole && figures->differences <= figures->mended;
    const char *values[] = {pass_text,      rows_text,         differences, mended,
                            boolean(ended), boolean(complete), keepers};
    return read_keepers(session, id, keepers, NULL, NULL, err) &&
           session_query(session, sql_pass_write, SEGUE_COUNT(values), values, NULL, err);
}

static void read_pass(const struct rows *rows, size_t row, struct arena *arena, struct pass *out)
{
    *out = (struct pass){.kind = arena_strdup(arena, rows_get(rows, row, 1)),
                         .rows = strtod(rows_get(rows, row, 3), NULL),
                         .differences = strtod(rows_get(rows, row, 4), NULL),
                         .mended = strtod(rows_get(rows, row, 5), NULL),
                         .seconds_ago = strtod(rows_get(rows, row, 6), NULL),
                         .ended_at = arena_strdup(arena, rows_get(rows, row, 7))};
}

static bool read_passes(struct session *session, int64_t id, struct arena *arena, struct verification *out,
                        struct error *err)
{
    char id_text[NUMBER_SIZE], keepers[KEEPERS_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!read_keepers(session, id, keepers, arena, &out->disabled, err) ||
        !session_query(session, sql_pass_last, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        bool complete = strcmp(rows_get(rows, i, 0), "t") == 0;
        read_pass(rows, i, arena, complete ? &out->complete : &out->found);
        if (complete) {
            out->has_complete = true;
            out->moved = strcmp(rows_get(rows, i, 2), keepers) != 0;
        } else {
            out->has_found = true;
        }
    }
    return true;
}

bool pg_verification(struct session *session, int64_t id, struct arena *arena, struct verification *out,
                     struct error *err)
{
    char value[8];
    bool null;
    *out = (struct verification){0};
    if (!session_value(session, sql_pass_there, 0, NULL, value, sizeof value, &null, err))
        return false;
    out->known = strcmp(value, "t") == 0;
    return !out->known || read_passes(session, id, arena, out, err);
}
