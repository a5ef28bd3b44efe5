/* The SQL of a plan: every statement as it is sent, each step with a comment that says what it locks and how it is undone. */
#include "base/layout.h"
#include "plan/plan.h"

#include <string.h>

enum { COMMENT_WIDTH = 100 };

/* A comment; every line of a value that has several gets its dashes. */
static void comment(struct text *out, const char *label, const char *value)
{
    SEGUE_CLEANUP(text_free) struct text wrapped = {0};
    text_printf(&wrapped, "%s", label);
    layout_wrap(&wrapped, value, 3 + layout_columns(label), 0, COMMENT_WIDTH);
    const char *line = text_string(&wrapped);
    while (line) {
        const char *end = strchr(line, '\n');
        text_append(out, "-- ");
        text_append_n(out, line, end ? (size_t)(end - line) : strlen(line));
        text_append_char(out, '\n');
        line = end ? end + 1 : NULL;
    }
}

static void statement(struct text *out, const char *sql)
{
    size_t length = strlen(sql);
    while (length && strchr(" \t\r\n;", sql[length - 1]))
        length--;
    text_append_n(out, sql, length);
    text_append(out, ";\n");
}

static void lock_comment(struct text *out, const struct step *step)
{
    for (size_t i = 0; i < step->n_locks; i++) {
        SEGUE_CLEANUP(text_free) struct text line = {0};
        text_printf(&line, "%s on %s, held: %s", step->locks[i].mode, step->locks[i].relation,
                    step_duration_name(step->duration));
        comment(out, "lock: ", text_string(&line));
    }
    if (!step->n_locks)
        comment(out, "lock: ", "none");
}

/* Undo statements may be long function bodies: every line of theirs is commented out as it is. */
static void undo_comment(struct text *out, const struct step *step)
{
    if (step->flags & STEP_NO_RETURN)
        comment(out, "undo: ", "none, the way back ends here");
    for (size_t i = 0; i < step->n_undo; i++) {
        const char *line = step->undo[i];
        text_append(out, "-- undo: ");
        while (line) {
            const char *end = strchr(line, '\n');
            text_append_n(out, line, end ? (size_t)(end - line) : strlen(line));
            text_append(out, end ? "\n--       " : ";\n");
            line = end ? end + 1 : NULL;
        }
    }
}

/* A walk has no fixed text: its statement is shown with the key range that each chunk puts in. */
static void walk_sql(struct text *out, const struct walk *walk)
{
    SEGUE_CLEANUP(text_free) struct text keys = {0};
    for (size_t i = 0; i < walk->n_keys && !walk->by_place; i++)
        text_printf(&keys, "%s%s", i ? ", " : "", walk->keys[i]);
    if (!walk->n_keys || walk->by_place)
        text_append(&keys, "ctid");
    comment(out, "", "for each chunk: the range of the key stands for the two values that the walk puts in");
    if (walk->silence_triggers)
        statement(out, "SET LOCAL session_replication_role = replica");
    for (size_t i = 0; i < walk->n_copies; i++) {
        text_printf(out,
                    "WITH _segue_rows AS MATERIALIZED (SELECT _segue_row FROM ONLY %s AS _segue_row\n"
                    "WHERE (%s) > (:after) AND (%s) <= (:until) FOR SHARE OF _segue_row)\n",
                    walk->table, text_string(&keys), text_string(&keys));
        statement(out, walk->copies[i]);
    }
    if (walk->n_copies)
        return;
    const char *as = walk->alias ? " AS " : "", *alias = walk->alias ? walk->alias : "";
    if (walk->insert)
        text_append(out, walk->insert);
    else if (walk->remove)
        text_printf(out, "DELETE FROM ONLY %s%s%s", walk->table, as, alias);
    else if (walk->set)
        text_printf(out, "UPDATE ONLY %s%s%s\nSET %s", walk->table, as, alias, walk->set);
    else
        text_printf(out, "SELECT count(*) FROM ONLY %s", walk->table);
    text_printf(out, "\nWHERE (%s) > (:after) AND (%s) <= (:until)", text_string(&keys), text_string(&keys));
    if (walk->where)
        text_printf(out, "\n  AND (%s)", walk->where);
    if (walk->mismatch)
        text_printf(out, "\n  AND (%s)", walk->mismatch);
    text_append(out, ";\n");
}

static void step_sql(struct text *out, const struct step *step)
{
    text_append_char(out, '\n');
    comment(out, "step: ", step->id);
    comment(out, "", step->title);
    if (step->why)
        comment(out, "why: ", step->why);
    lock_comment(out, step);
    undo_comment(out, step);
    bool transaction = step->kind == STEP_TRANSACTION && step->n_acts;
    if (step->kind == STEP_ALONE || step->kind == STEP_VACUUM)
        comment(out, "", "outside a transaction block");
    if (step->kind == STEP_SIDE_BY_SIDE)
        comment(out, "", "side by side, in several sessions");
    if (step->parts) {
        comment(
            out, "",
            "where others are at work, again and again until nothing is left; each in a transaction as the next one");
        statement(out, step->parts);
    }
    if (step->before || step->kind == STEP_CATCH_UP)
        statement(out, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    if (step->before) {
        statement(out, step->before);
        statement(out, "COMMIT");
    }
    if (transaction)
        statement(out, "BEGIN");
    if (step->kind == STEP_WALK && step->n_acts)
        comment(out, "", "where others are at work");
    for (size_t i = 0; i < step->n_acts; i++)
        statement(out, step->acts[i]);
    if (transaction)
        statement(out, "COMMIT");
    if (step->walk)
        walk_sql(out, step->walk);
    if (step->check) {
        if (step->check->n_prepare)
            statement(out, "BEGIN");
        for (size_t i = 0; i < step->check->n_prepare; i++)
            statement(out, step->check->prepare[i]);
        comment(out, "", "must count 0");
        statement(out, step->check->count);
        if (step->check->n_prepare)
            statement(out, "ROLLBACK");
    }
    if (step->kind == STEP_CATCH_UP)
        statement(out, "COMMIT");
}

void plan_to_sql(const struct plan *plan, struct text *out)
{
    comment(out, "segue plan: ", plan->name);
    if (plan->goal)
        comment(out, "goal: ", plan->goal);
    comment(
        out, "",
        "What segue sends, in order. To read, not to run: segue also retries locks, keeps a journal and walks "
        "tables in chunks.");
    if (plan->search_path) {
        text_append_char(out, '\n');
        text_printf(out, "SET search_path = %s;\n", plan->search_path);
    }
    enum plan_phase phase = PHASE_COUNT;
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].phase != phase) {
            phase = plan->steps[i].phase;
            text_printf(out, "\n-- ---- phase: %s (segue %s) ----\n", plan_phase_name(phase),
                        phase == PHASE_CONTRACT ? "complete" : "start");
        }
        step_sql(out, &plan->steps[i]);
    }
}
