#include "run/life.h"

#include <string.h>

static const struct life_row rows[LIFE_STATE_COUNT] = {
    [LIFE_NONE] = {.word = "none",
                   .next = {[LIFE_START] = LIFE_EXPANDING},
                   .meaning = "no migration is under way"},
    [LIFE_EXPANDING] = {.word = "expanding",
                        .work = WORK_FORWARD,
                        .first = PHASE_EXPAND,
                        .last = PHASE_EXPAND,
                        .next = {[LIFE_WORK_DONE] = LIFE_BACKFILLING, [LIFE_ROLLBACK] = LIFE_ROLLING_BACK},
                        .meaning = "hidden columns, sync triggers and the running version's views are made"},
    [LIFE_BACKFILLING] = {.word = "backfilling",
                          .work = WORK_FORWARD,
                          .first = PHASE_BACKFILL,
                          .last = PHASE_BACKFILL,
                          .next = {[LIFE_WORK_DONE] = LIFE_VERIFYING, [LIFE_ROLLBACK] = LIFE_ROLLING_BACK},
                          .meaning = "the new shape is filled, then constrained and indexed"},
    [LIFE_VERIFYING] = {.word = "verifying",
                        .work = WORK_FORWARD,
                        .first = PHASE_VERIFY,
                        .last = PHASE_ACTIVATE,
                        .next = {[LIFE_WORK_DONE] = LIFE_ACTIVE, [LIFE_ROLLBACK] = LIFE_ROLLING_BACK},
                        .meaning = "both shapes are compared, then the new version's views are made"},
    [LIFE_ACTIVE] = {.word = "active",
                     .work = WORK_NONE,
                     .next = {[LIFE_COMPLETE] = LIFE_COMPLETING, [LIFE_ROLLBACK] = LIFE_ROLLING_BACK},
                     .meaning = "both versions are live; applications move over"},
    [LIFE_COMPLETING] =
        {.word = "completing",
         .work = WORK_FORWARD,
         .first = PHASE_CONTRACT,
         .last = PHASE_CONTRACT,
         .next = {[LIFE_WORK_DONE] = LIFE_COMPLETED, [LIFE_ROLLBACK] = LIFE_ROLLING_BACK},
         .meaning =
             "views go, tables take their final shape; the way back ends at the first step without return"},
    [LIFE_COMPLETED] = {.word = "completed", .final = true, .meaning = "only the new version is there"},
    [LIFE_ROLLING_BACK] = {.word = "rolling-back",
                           .work = WORK_BACK,
                           .next = {[LIFE_WORK_DONE] = LIFE_ROLLED_BACK},
                           .meaning = "every step that was done is undone, the last one first"},
    [LIFE_ROLLED_BACK] = {.word = "rolled-back", .final = true, .meaning = "everything is as before `start`"},
};

static const char *const events[LIFE_EVENT_COUNT] = {[LIFE_START] = "start",
                                                     [LIFE_WORK_DONE] = "work done",
                                                     [LIFE_COMPLETE] = "complete",
                                                     [LIFE_ROLLBACK] = "rollback"};

const struct life_row *life_row(enum life_state state)
{
    return &rows[state];
}

bool life_state(const char *word, enum life_state *out, struct error *err)
{
    for (int i = LIFE_NONE + 1; i < LIFE_STATE_COUNT; i++) {
        if (strcmp(rows[i].word, word) == 0) {
            *out = (enum life_state)i;
            return true;
        }
    }
    error_set(err, ERROR_BUG, "the migration is in state \"%s\", which this segue does not know", word);
    return error_hint(err, "use the newer segue that started it");
}

const char *life_event_name(enum life_event event)
{
    return events[event];
}

static void print_work(struct text *out, const struct life_row *row)
{
    if (row->work == WORK_BACK)
        text_append(out, "undo, in reverse");
    else if (row->work == WORK_NONE)
        text_append(out, "–");
    else if (row->first == row->last)
        text_printf(out, "phase %s", plan_phase_name(row->first));
    else
        text_printf(out, "phases %s to %s", plan_phase_name(row->first), plan_phase_name(row->last));
}

static void print_events(struct text *out, const struct life_row *row)
{
    bool any = false;
    for (int event = 0; event < LIFE_EVENT_COUNT; event++) {
        if (row->next[event] == LIFE_NONE)
            continue;
        text_printf(out, "%s%s → %s", any ? ", " : "", events[event], rows[row->next[event]].word);
        any = true;
    }
    if (!any)
        text_append(out, "–");
}

void life_print(struct text *out)
{
    text_append(out, "| state | what it means | work | events |\n|---|---|---|---|\n");
    for (int i = LIFE_NONE; i < LIFE_STATE_COUNT; i++) {
        text_printf(out, "| %s | %s | ", rows[i].word, rows[i].meaning);
        print_work(out, &rows[i]);
        text_append(out, " | ");
        print_events(out, &rows[i]);
        text_append(out, " |\n");
    }
}
