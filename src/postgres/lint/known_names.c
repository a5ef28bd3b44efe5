/* Names that files have made, dropped or changed so far: of these a database at hand says nothing any more. */
#include <string.h>
#include <strings.h>

#include "postgres/lint/known_internal.h"

/* The server cuts the table's name in the names that it makes up. */
enum { CHOSEN_PREFIX = 20 };

static bool makes_relation(enum lint_act act)
{
    switch (act) {
    case LINT_CREATE_TABLE:
    case LINT_CREATE_TABLE_AS:
    case LINT_CREATE_VIEW:
    case LINT_CREATE_MATERIALIZED_VIEW:
    case LINT_CREATE_SEQUENCE:
    case LINT_CREATE_ENUM:
    case LINT_CREATE_TYPE:
    case LINT_CREATE_DOMAIN:
    case LINT_CREATE_FUNCTION:
    case LINT_RENAME_TABLE:
    case LINT_RENAME_VIEW:
    case LINT_RENAME_OTHER:
    case LINT_SET_SCHEMA: return true;
    default: return act >= LINT_DROP_INDEX && act <= LINT_DROP_OTHER;
    }
}

static bool makes_part(enum lint_act act)
{
    switch (act) {
    case LINT_ADD_COLUMN:
    case LINT_DROP_COLUMN:
    case LINT_RENAME_COLUMN:
    case LINT_RENAME_OTHER:
    case LINT_ADD_CHECK:
    case LINT_ADD_NOT_NULL:
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY:
    case LINT_ADD_FOREIGN_KEY:
    case LINT_ADD_EXCLUDE:
    case LINT_DROP_CONSTRAINT:
    case LINT_CREATE_INDEX:
    case LINT_CREATE_TRIGGER:
    case LINT_DROP_TRIGGER:
    case LINT_CREATE_POLICY:
    case LINT_ALTER_POLICY:
    case LINT_CREATE_RULE:
    case LINT_ADD_VALUE:
    case LINT_OTHER: return true;
    default: return false;
    }
}

static bool renames(enum lint_act act)
{
    return act == LINT_RENAME_COLUMN || act == LINT_RENAME_TABLE || act == LINT_RENAME_VIEW ||
           act == LINT_RENAME_OTHER;
}

size_t known_names(const struct lint_action *action, const char *names[KNOWN_NAMES])
{
    size_t n = 0;
    if (makes_relation(action->act) && action->relation.name)
        names[n++] = action->relation.name;
    if (makes_part(action->act) && action->name)
        names[n++] = action->name;
    if (makes_part(action->act) && action->column)
        names[n++] = action->column;
    if (renames(action->act) && action->other.name)
        names[n++] = action->other.name;
    if ((action->flags & LINT_USING_INDEX) && action->type)
        names[n++] = action->type;
    return n;
}

static void touch(struct known *known, const char *name)
{
    if (name)
        known_map_put(known->arena, &known->touched, NULL, name, known);
}

/* What a statement of a kind that nobody reads may have made or dropped. */
static bool is_harmless(const struct lint_statement *statement, const struct lint_action *action)
{
    static const char *const words[] = {"grant",   "savepoint",  "release",  "show",
                                        "notify",  "listen",     "security", "alter",
                                        "prepare", "deallocate", "explain",  "comment"};
    const char *text = statement->text + statement->place.begin;
    size_t length = statement->place.end - statement->place.begin;
    if (action->flags & LINT_IN_CREATE)
        return true;
    for (size_t i = 0; i < SEGUE_COUNT(words); i++) {
        if (length >= strlen(words[i]) && strncasecmp(text, words[i], strlen(words[i])) == 0)
            return true;
    }
    return action->what && strcmp(action->what, "schema") == 0 && !(action->flags & LINT_ALL);
}

static bool holds_word(const struct lint_statement *statement, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = statement->place.begin; i + length <= statement->place.end; i++) {
        if (strncasecmp(statement->text + i, word, length) == 0)
            return true;
    }
    return false;
}

static bool changes_names(const char *setting)
{
    return setting && (strcmp(setting, "search_path") == 0 || strcmp(setting, "role") == 0 ||
                       strcmp(setting, "schema") == 0 || strcmp(setting, "authorization") == 0);
}

/* Whether it may have made or dropped what it does not name. */
static bool is_dark(const struct lint_statement *statement, const struct lint_action *action)
{
    switch (action->act) {
    case LINT_OTHER: return !is_harmless(statement, action);
    case LINT_SELECT: return holds_word(statement, "into ");
    case LINT_SET: return changes_names(action->name);
    case LINT_ROLLBACK:
    case LINT_EXTENSION:
    case LINT_DROP_OTHER: return true;
    default: return (action->flags & LINT_CASCADE) && action->act != LINT_TRUNCATE;
    }
}

static void chooses(struct known *known, const struct known_relation *relation)
{
    ARENA_PUSH(known->arena, known->namers, known->n_namers, relation->name.name);
    for (size_t i = 0; i < relation->n_children; i++)
        chooses(known, relation->children[i]);
}

/* With an identity, or the column that owns it, its sequence goes. */
static void drop_sequence(struct known *known, const struct known_relation *relation,
                          const struct lint_action *action)
{
    const struct known_column *column = known_column(relation, action->column);
    bool drops = action->act == LINT_DROP_IDENTITY || action->act == LINT_DROP_COLUMN;
    if (drops && column && column->owned)
        touch(known, column->sequence);
}

/* With a table its parts, and the sequences of its columns, go. */
static void drop_table(struct known *known, const struct known_relation *relation)
{
    touch(known, relation->name.name);
    for (size_t i = 0; i < relation->n_columns; i++)
        touch(known, relation->columns[i].owned ? relation->columns[i].sequence : NULL);
    for (size_t i = 0; i < relation->n_children; i++)
        drop_table(known, relation->children[i]);
}

void known_note_names(struct known *known, const struct lint_statement *statement)
{
    known->unsure = known->unsure || statement->unreadable;
    for (size_t i = 0; i < statement->n_actions; i++) {
        const struct lint_action *action = &statement->actions[i];
        const struct known_relation *relation = known_relation(known, action->relation);
        const char *names[KNOWN_NAMES];
        for (size_t k = known_names(action, names); k > 0; k--)
            touch(known, names[k - 1]);
        drop_sequence(known, relation, action);
        known->unsure = known->unsure || is_dark(statement, action);
        if (action->act == LINT_DROP_TABLE && relation)
            drop_table(known, relation);
        else if (relation)
            chooses(known, relation);
        else if (action->relation.name)
            ARENA_PUSH(known->arena, known->namers, known->n_namers,
                       known_keep(known, action->relation.name));
        if ((action->act == LINT_DROP_COLUMN || action->act == LINT_DROP_CONSTRAINT) && action->relation.name)
            known_map_put(known->arena, &known->shed, NULL, action->relation.name, known);
    }
}

/* \if, \i and \gexec run, or leave out, what is not seen; \c goes to another database. */
void known_note_file(struct known *known, const char *content)
{
    static const char *const commands[] = {"\\i", "\\c", "\\gexec", "\\else", "\\elif"};
    for (size_t i = 0; known->file && known->watched && i < SEGUE_COUNT(commands); i++)
        known->unsure = known->unsure || strstr(content, commands[i]);
}

void known_watch(struct known *known)
{
    known->watched = true;
}

bool known_is_sure(const struct known *known)
{
    return !known->unsure && !known->code_ran;
}

bool known_is_touched(const struct known *known, const char *name)
{
    return known_map_find(&known->touched, NULL, name) != NULL;
}

bool known_has_shed(const struct known *known, const char *table)
{
    return known_map_find(&known->shed, NULL, table) != NULL;
}

bool known_may_be_chosen(const struct known *known, const char *name)
{
    for (size_t i = 0; i < known->n_namers; i++) {
        size_t length = strlen(known->namers[i]);
        if (strncmp(name, known->namers[i], length < CHOSEN_PREFIX ? length : CHOSEN_PREFIX) == 0)
            return true;
    }
    return false;
}
