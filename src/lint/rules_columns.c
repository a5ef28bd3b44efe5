/* Columns: added, and changed in place. */
#include <string.h>
#include <strings.h>

#include "base/compare.h"
#include "lint/rules_internal.h"

static bool adds(const struct lint_view *view)
{
    return lint_on_used(view, LINT_ADD_COLUMN);
}

static enum lint_level volatile_default(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!adds(view) || !a->volatile_default || lint_has(view, LINT_SERIAL) || lint_has(view, LINT_IDENTITY))
        return LINT_NOTHING;
    return lint_say(view, lint_by_truth(a->rewrite), "adding \"%s\" %s every row of %s%s", a->column,
                    a->rewrite == LINT_YES ? "writes" : "may write", lint_table(view), lint_why(view));
}

static enum lint_level serial(struct lint_view *view)
{
    if (!adds(view) || !lint_has(view, LINT_SERIAL))
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "adding \"%s\" as %s writes every row of %s", view->action->column,
                    view->action->type, lint_table(view));
}

static enum lint_level identity(struct lint_view *view)
{
    if (!adds(view) || !lint_has(view, LINT_IDENTITY))
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "adding the identity \"%s\" writes every row of %s",
                    view->action->column, lint_table(view));
}

static enum lint_level stored(struct lint_view *view)
{
    if (view->action->act == LINT_SET_EXPRESSION && !view->action->fresh && view->action->rewrite != LINT_NO)
        return lint_say(view, lint_by_truth(view->action->rewrite),
                        "another expression of \"%s\" writes every row of %s", view->action->column,
                        lint_table(view));
    if (!adds(view) || !lint_has(view, LINT_STORED))
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "adding the stored generated \"%s\" writes every row of %s",
                    view->action->column, lint_table(view));
}

static enum lint_level of_domain(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    bool other = a->volatile_default || lint_has(view, LINT_SERIAL) || lint_has(view, LINT_IDENTITY) ||
                 lint_has(view, LINT_STORED);
    if (!adds(view) || other || a->rewrite == LINT_NO)
        return LINT_NOTHING;
    return lint_say(view, lint_by_truth(a->rewrite), "adding \"%s\" of domain %s writes every row of %s%s",
                    a->column, a->type, lint_table(view), lint_why(view));
}

static enum lint_level with_check(struct lint_view *view)
{
    if (!adds(view) || !lint_has(view, LINT_CHECK))
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "the CHECK of the new \"%s\" reads every row of %s",
                    view->action->column, lint_table(view));
}

static enum lint_level with_reference(struct lint_view *view)
{
    if (!adds(view) || !lint_has(view, LINT_REFERENCES))
        return LINT_NOTHING;
    if (view->action->scan == LINT_YES)
        return lint_say(view, LINT_ERROR, "the foreign key of the new \"%s\" reads every row of %s",
                        view->action->column, lint_table(view));
    return lint_say(view, LINT_WARNING, "writes to %s wait until %s is free, too", view->action->other.name,
                    lint_table(view));
}

static enum lint_level with_key(struct lint_view *view)
{
    if (!adds(view) || !(lint_has(view, LINT_UNIQUE) || lint_has(view, LINT_PRIMARY)))
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "the index of the new \"%s\" is built while nobody can use %s",
                    view->action->column, lint_table(view));
}

static enum lint_level not_null(struct lint_view *view)
{
    if (!adds(view) || view->action->fails == LINT_NO)
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR,
                    "adding \"%s\" NOT NULL without a default fails as soon as %s has a row",
                    view->action->column, lint_table(view));
}

static enum lint_level select_star(struct lint_view *view)
{
    if (!adds(view))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "sessions with a prepared SELECT * of %s fail once after this",
                    lint_table(view));
}

static bool has_word(const char *name, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = name; (at = strcasestr(at, word)); at++) {
        bool begins = at == name || at[-1] == '_';
        bool ends = !at[length] || at[length] == '_' || at[length] == 's';
        if (begins && ends)
            return true;
    }
    return false;
}

/* A name by which readers choose rows. */
static bool means_something(const char *name)
{
    static const char *const words[] = {
        "status",   "state",  "kind",     "enabled",    "disabled", "visible",  "hidden", "deleted",
        "archived", "active", "inactive", "published",  "approved", "verified", "locked", "blocked",
        "is",       "has",    "stage",    "visibility", "phase",    "type",     "draft",  "role"};
    for (size_t i = 0; i < SEGUE_COUNT(words); i++) {
        if (has_word(name, words[i]))
            return true;
    }
    return false;
}

static bool has_existing(const struct lint_view *view)
{
    for (size_t i = 0; i < view->n_annotations; i++) {
        const struct annotation *a = &view->annotations[i];
        bool values = a->kind == ANNOTATION_EXISTING || a->kind == ANNOTATION_UP;
        if (values && strcmp(a->table.name, lint_table(view)) == 0 &&
            strcmp(a->column, view->action->column) == 0)
            return true;
    }
    return false;
}

static enum lint_level default_trap(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!adds(view) || !lint_has(view, LINT_HAS_DEFAULT) || !a->column || !a->type)
        return LINT_NOTHING;
    bool small =
        strcmp(a->type, "smallint") == 0 || strcmp(a->type, "boolean") == 0 || same_text(a->what, "enum");
    const char *text = view->statement->text + a->expr.begin;
    bool null = a->expr.end - a->expr.begin == 4 && strncasecmp(text, "null", 4) == 0;
    if (null || has_existing(view))
        return LINT_NOTHING;
    const struct lint_source *source = view->settings->source;
    struct lint_answer readers = {0};
    if (source)
        readers = source->ask(source->context, LINT_ASK_READERS, view->statement, a, view->arena);
    if (!small && !means_something(a->column) && readers.truth != LINT_YES)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "every row that is there becomes %s = %.*s at once%s%s", a->column,
                    (int)(a->expr.end - a->expr.begin < 60 ? a->expr.end - a->expr.begin : 60), text,
                    readers.truth == LINT_YES       ? "; such a column is spoken of by "
                    : readers.truth == LINT_PERHAPS ? "; not looked at: "
                                                    : "",
                    readers.words ? readers.words : "");
}

static enum lint_level change_type(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!lint_on_used(view, LINT_ALTER_TYPE))
        return LINT_NOTHING;
    if (a->rewrite != LINT_NO)
        return lint_say(view, lint_by_truth(a->rewrite), "changing \"%s\" to %s %s every row of %s%s",
                        a->column, a->type, a->rewrite == LINT_YES ? "writes" : "may write", lint_table(view),
                        lint_why(view));
    if (a->scan != LINT_NO)
        return lint_say(view, lint_by_truth(a->scan), "changing \"%s\" to %s writes no row of %s, but%s",
                        a->column, a->type, lint_table(view), lint_why(view));
    return LINT_NOTHING;
}

static enum lint_level set_not_null(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_SET_NOT_NULL) || view->action->scan == LINT_NO)
        return LINT_NOTHING;
    return lint_say(view, lint_by_truth(view->action->scan), "SET NOT NULL on \"%s\" of %s%s",
                    view->action->column, lint_table(view), lint_why(view));
}

const struct lint_rule_entry lint_rules_columns[] = {
    {{"add-column-volatile-default", LINT_ERROR, "A new column whose default differs from row to row",
      "The table and all its indexes are written anew; nobody reads or writes it meanwhile.",
      "Add the column without a default, SET DEFAULT, fill the rows in batches, then make it NOT NULL.",
      true},
     volatile_default},
    {{"add-column-serial", LINT_ERROR, "A new serial column",
      "Every row gets a number, so the whole table is "
      "written anew; nobody reads or writes it meanwhile.",
      "Add a bigint column, CREATE SEQUENCE, SET DEFAULT nextval(…), fill the rows in batches, then OWNED BY.",
      true},
     serial},
    {{"add-column-identity", LINT_ERROR, "A new identity column",
      "Every row gets a number, so the whole table is written anew; nobody reads or writes it meanwhile.",
      "Add a bigint column, fill the rows in batches, make it NOT NULL, then ADD GENERATED … AS IDENTITY.",
      true},
     identity},
    {{"add-column-stored", LINT_ERROR, "A new stored generated column",
      "Every row gets its value, so the whole table is written anew; nobody reads or writes it meanwhile.",
      "Add a plain column, keep it with a trigger, and fill the rows in batches; from PostgreSQL 18 on, VIRTUAL "
      "writes nothing.",
      true},
     stored},
    {{"add-column-domain", LINT_ERROR, "A new column of a domain with a constraint",
      "The whole table is written anew, even without a default; nobody reads or writes it meanwhile.",
      "Use the domain's base type and a CHECK on the table, added NOT VALID and then validated.", true},
     of_domain},
    {{"add-column-check", LINT_ERROR, "A new column with a CHECK",
      "Every row is read though all are null; nobody reads or writes the table meanwhile.",
      "Add the column, then ADD CONSTRAINT … CHECK … NOT VALID, then VALIDATE CONSTRAINT in another transaction.",
      true},
     with_check},
    {{"add-column-foreign-key", LINT_ERROR, "A new column with a foreign key",
      "Both tables are locked against writes; with a default, for as long as every row is looked up.",
      "Add the column alone, then ADD FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in another transaction.",
      true},
     with_reference},
    {{"add-column-key", LINT_ERROR, "A new column with UNIQUE or PRIMARY KEY",
      "The index is built while nobody reads or writes the table.",
      "Add the column, CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX.", true},
     with_key},
    {{"add-column-not-null", LINT_ERROR, "A new NOT NULL column without a default",
      "It fails on a table that has rows; on an empty one, inserts of the old version fail from then on.",
      "Add it with a default, or nullable; fill the rows; then make it NOT NULL.", true},
     not_null},
    {{"set-not-null", LINT_ERROR, "SET NOT NULL without a validated CHECK",
      "Every row is read; nobody reads or writes the table meanwhile.",
      "ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in another transaction, then SET NOT NULL "
      "and DROP CONSTRAINT.",
      true},
     set_not_null},
    {{"change-type", LINT_ERROR, "A type that changes every row",
      "The table and its indexes are written anew; nobody reads or writes it meanwhile.",
      "Add a column of the new type, keep both in step, fill it in batches, and let it take the old one's place.",
      true},
     change_type},
    {{"default-trap", LINT_WARNING, "A default that gives every row a meaning",
      "Readers that choose by the column see every old row with the default, as if it had been decided for each.",
      "Say what the rows that are there mean (in a migration of segue's: existing TABLE.column = …), or add it "
      "nullable, fill it, then SET DEFAULT.",
      false},
     default_trap},
    {{"prepared-select-star", LINT_NOTE, "A new column under a prepared SELECT *",
      "\"cached plan must not change result type\": each session with such a statement fails once.",
      "Name the columns, or let segue keep the old version's shape in a view.", true},
     select_star},
    {{0}, NULL},
};
