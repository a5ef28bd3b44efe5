/* The table of rules, and what all of them use. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lint/rules_internal.h"

const struct lint_rule_entry *const lint_families[] = {
    lint_rules_columns,
    lint_rules_keys,
    lint_rules_tables,
    lint_rules_transactions,
    lint_rules_compatibility,
    lint_rules_data,
    lint_rules_types,
    lint_rules_there,
    lint_rules_facts,
    lint_rules_file,
    NULL,
};

const struct lint_rule *lint_rule_at(size_t index)
{
    for (size_t f = 0; lint_families[f]; f++) {
        for (const struct lint_rule_entry *entry = lint_families[f]; entry->rule.id; entry++) {
            if (index-- == 0)
                return &entry->rule;
        }
    }
    return NULL;
}

const struct lint_rule *lint_rule(const char *id)
{
    for (size_t f = 0; lint_families[f]; f++) {
        for (const struct lint_rule_entry *entry = lint_families[f]; entry->rule.id; entry++) {
            if (strcmp(entry->rule.id, id) == 0)
                return &entry->rule;
        }
    }
    return NULL;
}

const char *lint_level_name(enum lint_level level)
{
    static const char *const names[] = {
        [LINT_NOTHING] = "nothing", [LINT_NOTE] = "note", [LINT_WARNING] = "warning", [LINT_ERROR] = "error"};
    return names[level];
}

enum lint_level lint_level_set(const struct lint_levels *levels, const struct lint_rule *rule,
                               enum lint_level level)
{
    for (size_t i = 0; levels && i < levels->n; i++) {
        enum lint_level set = levels->rules[i].level;
        if (strcmp(levels->rules[i].rule, rule->id) == 0)
            return level == rule->level || set < level ? set : level;
    }
    return level;
}

bool lint_has(const struct lint_view *view, enum lint_flag flag)
{
    return (view->action->flags & (unsigned)flag) != 0;
}

bool lint_on_used(const struct lint_view *view, enum lint_act act)
{
    return view->action->act == act && !view->action->fresh && !lint_has(view, LINT_IN_CREATE);
}

bool lint_view_helps(const struct lint_rule *rule)
{
    return strcmp(rule->id, "rename-table") == 0 || strcmp(rule->id, "set-schema") == 0;
}

bool lint_others_wait(const struct lint_statement *statement, const struct lint_touch *touch)
{
    /* Nobody but another REFRESH writes a materialized view. */
    bool of_view = statement->n_actions && statement->actions[0].of_view;
    return !touch->fresh && (of_view ? lint_blocks_reads(touch->mode) : lint_blocks_writes(touch->mode));
}

const char *lint_table(const struct lint_view *view)
{
    return view->action->relation.name ? view->action->relation.name : "the table";
}

enum lint_level lint_by_truth(enum lint_truth truth)
{
    return truth == LINT_YES ? LINT_ERROR : truth == LINT_PERHAPS ? LINT_WARNING : LINT_NOTHING;
}

enum lint_level lint_say(struct lint_view *view, enum lint_level level, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    view->message = arena_strdup(view->arena, message);
    return level;
}

const char *lint_why(const struct lint_view *view)
{
    return view->action->why ? arena_printf(view->arena, ": %s", view->action->why) : "";
}
