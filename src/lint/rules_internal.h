/* How a rule looks at an action, and what the rules know of the statements before. */
#ifndef SEGUE_LINT_RULES_INTERNAL_H
#define SEGUE_LINT_RULES_INTERNAL_H

#include "lint/lint.h"

/* A file drops what it makes anew just before. */
enum { LINT_GONE_KEPT = 16, LINT_GONE_SIZE = 64 };

/* What has happened in the file, or in the transaction, so far. */
struct lint_state {
    bool in_transaction;
    bool only_constraints;         /* nothing else has the transaction made so far */
    struct lint_slice begun;       /* the BEGIN */
    bool timeout_set, timeout_off; /* lock_timeout: to more than 0, to 0 */
    const char *timeout;           /* as it was set last */
    bool told_of_timeout;
    bool told_of_repeating;
    const char *strong; /* the first table under a lock that blocks others, in this transaction; NULL: none */
    bool strong_reads;  /* and readers too */
    bool told_of_strong;
    const char **not_valid; /* constraints made NOT VALID in this transaction */
    size_t n_not_valid;
    const char *added_value;                   /* to an enum in this transaction */
    char gone[LINT_GONE_KEPT][LINT_GONE_SIZE]; /* names of what was dropped IF EXISTS last, in turn */
    size_t n_gone;
    const char *secured;   /* the table whose row security was switched on last */
    const char **policies; /* tables with a policy made by this file */
    size_t n_policies;
};

struct lint_view {
    struct arena *arena; /* of the statement */
    const struct lint_settings *settings;
    const struct lint_statement *statement;
    const struct lint_action *action;
    const struct lint_state *state;
    const struct annotation *annotations; /* of the file */
    size_t n_annotations;
    const char *message; /* set by a rule that finds something */
    struct lint_slice place;
};

/* LINT_NOTHING, or the level of what it finds; then view->message says what. */
typedef enum lint_level lint_check(struct lint_view *view);

struct lint_rule_entry {
    struct lint_rule rule;
    lint_check *check; /* NULL: found elsewhere (file.c) */
};

/* Families, each a list that a rule without id ends. */
extern const struct lint_rule_entry lint_rules_columns[], lint_rules_keys[], lint_rules_tables[],
    lint_rules_compatibility[], lint_rules_transactions[], lint_rules_data[], lint_rules_types[],
    lint_rules_there[], lint_rules_facts[], lint_rules_file[];
extern const struct lint_rule_entry *const lint_families[];

bool lint_has(const struct lint_view *view, enum lint_flag flag);
/* Whether it is an action of that kind on a table that others use already. */
bool lint_on_used(const struct lint_view *view, enum lint_act act);
/* Whether it fails when it is done twice. */
bool lint_fails_again(const struct lint_action *action);
/* Whether the file has dropped it, IF EXISTS, before it makes it. */
bool lint_is_gone(const struct lint_state *state, const struct lint_action *action);
/* Whether others wait for what it locks, though no table is named: those of a domain or a schema, say. */
bool lint_locks_unnamed(const struct lint_action *action);
/* Whether a view of the relation's old name in the same transaction makes good what the rule has found. */
bool lint_view_helps(const struct lint_rule *rule);
/* Whether others wait for that lock on something that they use. */
bool lint_others_wait(const struct lint_statement *statement, const struct lint_touch *touch);
/* The action's relation for messages, "the table" where it has none. */
const char *lint_table(const struct lint_view *view);
/* YES: error, PERHAPS: warning. */
enum lint_level lint_by_truth(enum lint_truth truth);
/* Sets the message and returns the level. */
enum lint_level lint_say(struct lint_view *view, enum lint_level level, const char *format, ...)
    SEGUE_PRINTF(3, 4);
/* What stands in brackets behind a message: why, or nothing. */
const char *lint_why(const struct lint_view *view);

#endif
