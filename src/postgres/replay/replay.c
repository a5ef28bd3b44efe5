#include "postgres/replay/replay.h"

#include "base/must.h"
#include "postgres/array.h"
#include "postgres/replay/replay_internal.h"
#include "sql.h"

static bool leave_out(struct replay_statement *out, struct arena *arena, const char *why)
{
    out->why_not = arena_strdup(arena, why);
    return true;
}

/* What the server says of it, where that is no reason to end. */
static bool refused(struct replay_statement *out, struct arena *arena, const char *what, struct error *err)
{
    if (err->class == ERROR_LOST || err->class == ERROR_INTERRUPTED)
        return false;
    out->why_not = arena_printf(arena, "%s: %s", what, err->message);
    error_clear(err);
    return true;
}

static bool read_tree(const char *text, struct arena *arena, struct replay_reading *reading,
                      struct replay_statement *out)
{
    PgQuery__Node *tree = NULL;
    struct parse_fault fault;
    if (!parse_statement(arena, text, &tree, &fault)) {
        out->why_not = arena_printf(arena, "cannot be read: %s", fault.message);
        return false;
    }
    reading->arena = arena;
    replay_read(reading, tree);
    out->writes = reading->writes;
    out->deletes = reading->deletes;
    if (!reading->runs)
        out->why_not = "is no SELECT, INSERT, UPDATE, DELETE or MERGE of rows";
    return reading->runs;
}

/* The functions that it calls, and the relations that it names. */
static bool look_around(struct session *session, const struct replay_reading *reading,
                        struct replay_statement *out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(text_free) struct text relations = {0};
    char value[80];
    bool null = true;
    const char *functions = pg_array(&names, reading->functions, reading->n_functions);
    if (!session_value(session, sql_replay_functions, 1, &functions, value, sizeof value, &null, err))
        return false;
    if (!null) {
        out->why_not = arena_printf(reading->arena, "calls %s(), which may reach beyond the copy", value);
        return true;
    }
    for (size_t i = 0; i < reading->n_relations; i++)
        pg_array_add(&relations, reading->relations[i].name);
    const char *named = pg_array_end(&relations);
    if (!session_value(session, sql_replay_relations, 1, &named, value, sizeof value, &null, err))
        return false;
    if (!null && *value == 't')
        out->why_not = "reads nothing but the server's own catalogs";
    return true;
}

bool pg_replay_statement(struct session *session, const struct recorded_statement *recorded,
                         struct arena *arena, struct replay_statement *out, struct error *err)
{
    struct replay_reading reading = {0};
    struct error ignored;
    *out = (struct replay_statement){.recorded = recorded};
    if (recorded->utility)
        return leave_out(out, arena, "is no SELECT, INSERT, UPDATE, DELETE or MERGE of rows");
    if (!read_tree(recorded->text, arena, &reading, out))
        return true;
    if (!look_around(session, &reading, out, err))
        return refused(out, arena, "cannot be looked into", err);
    if (out->why_not)
        return true;
    if (!session_prepare(session, REPLAY_NAME, recorded->text, err))
        return refused(out, arena, "cannot be prepared", err);
    bool good = replay_draw(session, &reading, out, err);
    (void)!session_run(session, "DEALLOCATE " REPLAY_NAME, &ignored);
    return good || refused(out, arena, "no values could be found for it", err);
}
