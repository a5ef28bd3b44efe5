/* Changes under which the version of the application that runs now breaks. */
#include <string.h>

#include "lint/rules_internal.h"

static enum lint_level drop_column(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DROP_COLUMN))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "\"%s\" of %s is gone for the version that still uses it",
                    view->action->column, lint_table(view));
}

static enum lint_level drop_table(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DROP_TABLE))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s and its rows are gone", lint_table(view));
}

static enum lint_level rename_column(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_RENAME_COLUMN))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "statements that say \"%s\" fail from the same moment on",
                    view->action->column);
}

static enum lint_level rename_table(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_RENAME_TABLE) && !lint_on_used(view, LINT_RENAME_VIEW))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "statements that say %s fail from the same moment on",
                    lint_table(view));
}

static enum lint_level rename_other(struct lint_view *view)
{
    const char *what = view->action->what;
    if (!lint_on_used(view, LINT_RENAME_OTHER) || strcmp(what, "index") == 0 ||
        strcmp(what, "constraint") == 0 || strcmp(what, "trigger") == 0)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "statements that say the %s's old name fail from the same moment on",
                    what);
}

static enum lint_level set_schema(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_SET_SCHEMA))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s is not found any more where it was", lint_table(view));
}

static enum lint_level drop_other(struct lint_view *view)
{
    static const struct {
        enum lint_act act;
        const char *what;
    } kinds[] = {
        {LINT_DROP_VIEW, "view"},         {LINT_DROP_MATERIALIZED_VIEW, "materialized view"},
        {LINT_DROP_SCHEMA, "schema"},     {LINT_DROP_DATABASE, "database"},
        {LINT_DROP_FUNCTION, "function"}, {LINT_DROP_TYPE, "type"},
        {LINT_DROP_SEQUENCE, "sequence"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(kinds); i++) {
        if (lint_on_used(view, kinds[i].act))
            return lint_say(view, LINT_WARNING, "the %s %s is gone for whoever still uses it", kinds[i].what,
                            lint_table(view));
    }
    return LINT_NOTHING;
}

static enum lint_level drop_cascade(struct lint_view *view)
{
    enum lint_act act = view->action->act;
    bool drops = (act >= LINT_DROP_TABLE && act <= LINT_DROP_OTHER) || act == LINT_DROP_COLUMN ||
                 act == LINT_DROP_CONSTRAINT;
    if (!drops || !lint_has(view, LINT_CASCADE) || view->action->fresh)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "whatever depends on it goes as well: views, foreign keys, columns");
}

static enum lint_level truncate_table(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_TRUNCATE))
        return LINT_NOTHING;
    if (lint_has(view, LINT_CASCADE))
        return lint_say(view, LINT_WARNING, "all rows of %s, and of every table that refers to it, are gone",
                        lint_table(view));
    return lint_say(view, LINT_WARNING, "all rows of %s are gone", lint_table(view));
}

static enum lint_level drop_constraint(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DROP_CONSTRAINT))
        return LINT_NOTHING;
    for (size_t i = 0; i < view->statement->n_touches; i++) {
        const struct lint_touch *touch = &view->statement->touches[i];
        if (view->statement->n_actions == 1 && !touch->fresh &&
            strcmp(touch->relation.name, lint_table(view)) != 0)
            return lint_say(view, LINT_WARNING, "%s is locked against readers, too", touch->relation.name);
    }
    return LINT_NOTHING;
}

static enum lint_level drop_not_null(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DROP_NOT_NULL))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "readers of \"%s\" that never met a null may meet one",
                    view->action->column);
}

static enum lint_level drop_default(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DROP_DEFAULT))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "inserts that do not name \"%s\" write a null, or fail",
                    view->action->column);
}

static enum lint_level change_default(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_SET_DEFAULT) || !view->action->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE,
                    "inserts of the running version that do not name \"%s\" write the new value",
                    view->action->column);
}

static enum lint_level revoke(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_REVOKE || a->fresh)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING,
                    "statements of %s that need the privilege fail from the same moment on",
                    a->name ? a->name : "the role");
}

static enum lint_level change_owner(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_OWNER))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "rights that came with being the owner of %s go to another role",
                    lint_table(view));
}

const struct lint_rule_entry lint_rules_compatibility[] = {
    {{"drop-column", LINT_WARNING, "A column is dropped",
      "The running version's statements that name it fail; indexes and constraints with it go silently.",
      "First a release that does not use it, then the DROP; with segue both versions run side by side.",
      true},
     drop_column},
    {{"drop-table", LINT_WARNING, "A table is dropped",
      "Its rows are gone; tables tied to it by foreign keys are "
      "locked as well.",
      "Rename it, wait, and drop it when nothing has missed it.", true},
     drop_table},
    {{"rename-column", LINT_WARNING, "A column is renamed",
      "No statement of the running version finds it any more.",
      "A new column kept in step, or a view with both names; with segue each version has its own name.",
      true},
     rename_column},
    {{"rename-table", LINT_WARNING, "A table or view is renamed",
      "No statement of the running version finds it any more.",
      "Rename it, and in the same transaction make a view of the old name.", true},
     rename_table},
    {{"rename-object", LINT_WARNING, "An enum value, type, attribute, sequence or schema is renamed",
      "No statement of the running version finds it any more.",
      "A new one beside it, until nobody uses the old one.", false},
     rename_other},
    {{"set-schema", LINT_WARNING, "A table moves to another schema",
      "Statements that find it by the search path, or name the schema, fail.",
      "In the same transaction, a view in the old schema.", false},
     set_schema},
    {{"drop-object", LINT_WARNING, "A view, function, type, sequence or schema is dropped",
      "Whoever still uses it fails.", "Drop it once nothing uses it.", false},
     drop_other},
    {{"drop-cascade", LINT_WARNING, "DROP … CASCADE", "What else goes is not written here.",
      "Drop by name what depends on it.", false},
     drop_cascade},
    {{"truncate", LINT_WARNING, "TRUNCATE", "ACCESS EXCLUSIVE, and the rows are gone.", "DELETE in batches.",
      false},
     truncate_table},
    {{"drop-foreign-key", LINT_WARNING, "A foreign key is dropped", "ACCESS EXCLUSIVE on both tables.",
      "A short lock_timeout, and try again.", true},
     drop_constraint},
    {{"drop-not-null", LINT_NOTE, "DROP NOT NULL", "The running version reads nulls that it never met.",
      "First a release that can read them.", true},
     drop_not_null},
    {{"drop-default", LINT_NOTE, "DROP DEFAULT",
      "Inserts of the running version that do not name the column fail, or "
      "write nulls.",
      "First a release that always names it.", true},
     drop_default},
    {{"change-default", LINT_NOTE, "Another default",
      "The running version writes it as well, without having been asked.",
      "First a release that names the column, or one that takes both values.", true},
     change_default},
    {{"revoke", LINT_WARNING, "A privilege is taken away",
      "The running version's statements that need it fail.",
      "First a release that does without, or a role of its own for it.", false},
     revoke},
    {{"change-owner", LINT_NOTE, "Another owner", "The role that was the owner may lose its rights.",
      "GRANT what is needed first.", false},
     change_owner},
    {{0}, NULL},
};
