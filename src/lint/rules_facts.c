/* What only a database at hand tells. */
#include <string.h>

#include "lint/rules_internal.h"

/* segue's own values stand in for those that are there. */
static bool has_values(const struct lint_view *view)
{
    for (size_t i = 0; i < view->n_annotations; i++) {
        const struct annotation *a = &view->annotations[i];
        bool values = a->kind == ANNOTATION_UP || a->kind == ANNOTATION_EXISTING;
        if (values && view->action->column && strcmp(a->table.name, lint_table(view)) == 0 &&
            strcmp(a->column, view->action->column) == 0)
            return true;
    }
    return false;
}

static struct lint_answer ask(struct lint_view *view, enum lint_question question)
{
    const struct lint_source *source = view->settings->source;
    if (!source || view->action->fresh || lint_has(view, LINT_IN_CREATE))
        return (struct lint_answer){0};
    return source->ask(source->context, question, view->statement, view->action, view->arena);
}

static enum lint_level rows_in_the_way(struct lint_view *view)
{
    if (has_values(view))
        return LINT_NOTHING;
    struct lint_answer answer = ask(view, LINT_ASK_ROWS);
    switch (answer.truth) {
    case LINT_NO: return LINT_NOTHING;
    case LINT_PERHAPS: return lint_say(view, LINT_NOTE, "not looked at: %s", answer.words);
    case LINT_YES: break;
    }
    if (lint_has(view, LINT_NOT_VALID))
        return lint_say(view, LINT_WARNING, "VALIDATE CONSTRAINT will fail: %s", answer.words);
    return lint_say(view, LINT_ERROR, "it fails: %s", answer.words);
}

static enum lint_level dependants(struct lint_view *view)
{
    struct lint_answer answer = ask(view, LINT_ASK_DEPENDANTS);
    if (answer.truth == LINT_NO)
        return LINT_NOTHING;
    if (answer.truth == LINT_PERHAPS)
        return lint_say(view, LINT_NOTE, "not looked at: %s", answer.words);
    return lint_say(view, answer.fails ? LINT_ERROR : LINT_WARNING, "%s%s", answer.fails ? "it fails: " : "",
                    answer.words);
}

/* Unlike rows, names count in tables that the file makes, too. */
static enum lint_level by_name(struct lint_view *view, enum lint_question question)
{
    const struct lint_source *source = view->settings->source;
    if (!source)
        return LINT_NOTHING;
    struct lint_answer answer =
        source->ask(source->context, question, view->statement, view->action, view->arena);
    return answer.truth == LINT_YES ? lint_say(view, LINT_ERROR, "it fails: %s", answer.words) : LINT_NOTHING;
}

static enum lint_level not_there(struct lint_view *view)
{
    return by_name(view, LINT_ASK_MISSING);
}

static enum lint_level name_taken(struct lint_view *view)
{
    return by_name(view, LINT_ASK_TAKEN);
}

static enum lint_level numbers(struct lint_view *view)
{
    struct lint_answer answer = ask(view, LINT_ASK_NUMBERS);
    return answer.truth == LINT_YES ? lint_say(view, LINT_WARNING, "%s", answer.words) : LINT_NOTHING;
}

const struct lint_rule_entry lint_rules_facts[] = {
    {{"rows-in-the-way", LINT_ERROR, "Rows that are there make the statement fail",
      "It fails, at the latest after it has read the table: nulls, duplicates, orphans, values that break a CHECK or do not "
      "become the new type. Told with --url only.",
      "Mend these rows first; in a migration of segue's, up TABLE.column = … says what becomes of them.",
      false},
     rows_in_the_way},
    {{"not-there", LINT_ERROR, "What a statement names is not there",
      "It fails: no table, column, constraint, index, type or function of that name exists when its turn comes. Told with --url "
      "only.",
      "The right name; IF EXISTS where it may be missing.", false},
     not_there},
    {{"name-taken", LINT_ERROR, "What a statement makes is there already",
      "It fails: something of that name is in the database, and no statement before takes it away. Told with --url only.",
      "Another name; IF NOT EXISTS or OR REPLACE where it may be there.", false},
     name_taken},
    {{"dependants", LINT_ERROR, "Something else in the database depends on it",
      "Without CASCADE the server refuses to drop a column, or to change its type, under a view; a function whose body names it "
      "fails when it is called next. Told with --url only.",
      "Change what depends on it first, or drop and make it again in the same transaction.", false},
     dependants},
    {{"key-nearly-full", LINT_WARNING, "A key whose numbers run out",
      "Behind the last number of its type every INSERT fails. Told with --url only.",
      "Change the key to bigint in time: a new column kept in step, filled in batches, that takes the old one's place.",
      false},
     numbers},
    {{0}, NULL},
};
