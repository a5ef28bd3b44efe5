/* One file: rules on its statements, what the file says of them, and what is known from one statement to the next. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compare.h"
#include "lint/held.h"
#include "lint/order.h"
#include "lint/rules_internal.h"
#include "lint/weigh.h"
#include "migration/annotation.h"
#include "migration/place.h"

struct lint_file {
    struct arena *arena;
    const char *path, *content;
    const struct lint_settings *settings;
    bool segue;
    lint_give *give;
    void *context;
    struct lint_state state;
    struct lint_held held; /* of the transaction under way */
    struct annotation *annotations;
    size_t n_annotations;
    size_t first, behind; /* of them: those that stand with the statement under way */
    bool *used;           /* whether an `allow` has kept something back */
    size_t allowed;
    size_t at; /* the byte of `place` */
    struct place place;
};

enum {
    UNREADABLE,
    NEEDS_NEWER_SERVER,
    WRONG_ANNOTATION,
    START_REFUSES,
    UNKNOWN_RULE,
    UNUSED_ALLOW,
    OPEN_TRANSACTION
};

const struct lint_rule_entry lint_rules_file[] = {
    [UNREADABLE] =
        {{"unreadable", LINT_ERROR, "A statement that cannot be read",
          "The server would refuse it, or it is of a dialect that is not known here; the rest of the file is "
          "looked at.",
          "Mend it, or leave it out.", false},
         NULL},
    [NEEDS_NEWER_SERVER] = {{"needs-newer-server", LINT_ERROR, "A form that the server does not have yet",
                             "It is a syntax error there.",
                             "A form of the server's release, or --pg-version.", false},
                            NULL},
    [WRONG_ANNOTATION] = {{"wrong-annotation", LINT_ERROR, "An annotation that cannot be read",
                           "segue start refuses the file.", "See docs/migration-files.md.", false},
                          NULL},
    [START_REFUSES] = {{"start-refuses", LINT_WARNING, "A migration that segue start refuses",
                        "Nothing is touched; the message says what stands in the way.", "See docs/limits.md.",
                        false},
                       NULL},
    [UNKNOWN_RULE] = {{"unknown-rule", LINT_WARNING, "allow with a rule that does not exist",
                       "It allows nothing.", "The rule's id, as segue lint prints it.", false},
                      NULL},
    [UNUSED_ALLOW] = {{"unused-allow", LINT_NOTE, "allow that allows nothing",
                       "The statement has no finding of that rule.", "Take it out.", false},
                      NULL},
    [OPEN_TRANSACTION] = {{"open-transaction", LINT_WARNING, "BEGIN without COMMIT",
                           "What was done is undone at the end of the session.", "COMMIT.", false},
                          NULL},
    {{0}, NULL},
};

/* A byte order mark takes no column. */
static struct place first_place(const char *content)
{
    return (struct place){1, strncmp(content, "\xEF\xBB\xBF", 3) == 0 ? 0 : 1};
}

static void move_to(struct lint_file *file, size_t at)
{
    if (at < file->at) {
        file->at = 0;
        file->place = first_place(file->content);
    }
    file->place = place_after(file->content, file->place, file->at, at);
    file->at = at;
}

static bool is_allowed(struct lint_file *file, const struct lint_rule *rule)
{
    for (size_t i = file->first; i < file->behind; i++) {
        const struct annotation *a = &file->annotations[i];
        if (a->kind == ANNOTATION_ALLOW && strcmp(a->object, rule->id) == 0) {
            file->used[i] = true;
            file->allowed++;
            return true;
        }
    }
    return false;
}

/* What the rule has found, with its place and the level that was set for it; false where it is not to be told. */
static bool complete(struct lint_file *file, struct lint_finding *finding)
{
    finding->level = lint_level_set(file->settings->levels, finding->rule, finding->level);
    if (finding->level == LINT_NOTHING || is_allowed(file, finding->rule))
        return false;
    finding->path = file->path;
    finding->begin = place_after(file->content, file->place, file->at, finding->place.begin);
    finding->end = place_after(file->content, finding->begin, finding->place.begin, finding->place.end);
    finding->handled = file->segue && finding->rule->handled;
    if (finding->handled)
        finding->level = LINT_NOTE;
    return true;
}

static void give_own(struct lint_file *file, int which, struct lint_slice slice, const char *format, ...)
    SEGUE_PRINTF(4, 5);

static void give_own(struct lint_file *file, int which, struct lint_slice slice, const char *format, ...)
{
    char message[640];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const struct lint_rule *rule = &lint_rules_file[which].rule;
    struct lint_finding finding = {.rule = rule, .level = rule->level, .place = slice, .message = message};
    if (complete(file, &finding))
        file->give(file->context, &finding);
}

/* The byte at a place that an error tells as path:line:column. */
static size_t byte_of(const char *content, const char *where)
{
    const char *column = strrchr(where, ':');
    const char *line = column ? memrchr(where, ':', (size_t)(column - where)) : NULL;
    if (!line)
        return 0;
    long lines = strtol(line + 1, NULL, 10);
    const char *at = content;
    for (long i = 1; i < lines && strchr(at, '\n'); i++)
        at = strchr(at, '\n') + 1;
    return (size_t)(at - content) + strspn(at, " \t");
}

static void tell_wrong_annotation(void *context, const struct error *err)
{
    struct lint_file *file = context;
    size_t at = byte_of(file->content, err->where);
    size_t length = strcspn(file->content + at, "\r\n");
    give_own(file, WRONG_ANNOTATION, (struct lint_slice){at, at + length}, "%s%s%s", err->message,
             *err->hint ? "; " : "", err->hint);
}

static void read_annotations(struct lint_file *file)
{
    /* Most files have none, and need not be read for them. */
    if (!strcasestr(file->content, "segue"))
        return;
    annotation_read_each(file->arena, file->path, file->content, &file->annotations, &file->n_annotations,
                         tell_wrong_annotation, file);
    file->used = arena_alloc(file->arena, (file->n_annotations + 1) * sizeof *file->used);
}

/* segue start has its own words for what it cannot do. */
static void tell_refusal(struct lint_file *file, const struct error *refused)
{
    size_t at = byte_of(file->content, refused->where);
    size_t length = strcspn(file->content + at, "\r\n");
    give_own(file, START_REFUSES, (struct lint_slice){at, at + length}, "%s%s%s", refused->message,
             *refused->hint ? "; " : "", refused->hint);
}

struct lint_file *lint_file_begin(struct arena *arena, const char *path, const char *content,
                                  const struct lint_settings *settings, bool segue,
                                  const struct error *refused, lint_give *given, void *context)
{
    struct lint_file *file = arena_alloc(arena, sizeof *file);
    *file = (struct lint_file){
        .arena = arena,
        .path = path,
        .content = content,
        .settings = settings,
        .segue = segue,
        .give = given,
        .context = context,
        .place = first_place(content),
    };
    file->state.in_transaction = settings->in_transaction;
    if (settings->order)
        lint_order_begin(settings->order, path);
    read_annotations(file);
    if (refused)
        tell_refusal(file, refused);
    return file;
}

/* Annotations stand with the statement that follows them, or on whose last line they stand. */
static void find_annotations(struct lint_file *file, const struct lint_statement *statement)
{
    if (file->n_annotations == 0)
        return;
    size_t end = statement->place.end + strcspn(file->content + statement->place.end, "\n");
    file->first = file->behind;
    while (file->behind < file->n_annotations && file->annotations[file->behind].offset < end)
        file->behind++;
}

/* The BEGIN, where nothing but constraints has come behind it. */
static const char *begun(const struct lint_view *view)
{
    const struct lint_state *state = view->state;
    struct lint_slice place = state->begun;
    return state->in_transaction && state->only_constraints
               ? arena_strndup(view->arena, view->statement->text + place.begin, place.end - place.begin)
               : NULL;
}

/* What is to be written instead, and the statement as it is then. */
static void write_fix(const struct lint_view *view, struct lint_finding *finding)
{
    const struct lint_fixer *fixer = view->settings->fixer;
    const struct lint_fix_request request = {
        .rule = finding->rule->id,
        .statement = view->statement,
        .action = view->action,
        .settings = view->settings,
        .in_transaction = view->state->in_transaction,
        .begin = begun(view),
        .timeout = view->state->timeout_set ? view->state->timeout : NULL,
    };
    struct lint_fix *fix = arena_alloc(view->arena, sizeof *fix);
    if (!fixer || finding->handled || !fixer->rewrite(fixer->context, &request, view->arena, fix) || !fix->n)
        return;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct lint_slice place = view->statement->place;
    lint_fix_apply(view->statement->text, place, fix->edits, fix->n, &out);
    finding->fix = fix;
    finding->rewrite = arena_strdup(view->arena, text_string(&out));
}

/* One rule on one action. What the rest of the transaction may take back is held. */
static void check_rule(struct lint_file *file, struct lint_view *view, const struct lint_rule_entry *entry)
{
    enum lint_level level = entry->check ? entry->check(view) : LINT_NOTHING;
    if (level == LINT_NOTHING)
        return;
    struct lint_finding finding = {
        .rule = &entry->rule,
        .level = level,
        .place = view->action->place,
        .relation = view->action->relation.name,
        .message = view->message,
    };
    lint_weigh(view, entry, &finding);
    if (!complete(file, &finding))
        return;
    write_fix(view, &finding);
    finding.first = file->place;
    finding.first_at = file->at;
    if (lint_view_helps(&entry->rule) && file->state.in_transaction)
        lint_held_add(&file->held, file->arena, &finding);
    else
        file->give(file->context, &finding);
}

static void check_action(struct lint_file *file, const struct lint_statement *statement,
                         const struct lint_action *action, struct arena *arena)
{
    struct lint_view view = {
        .arena = arena,
        .settings = file->settings,
        .statement = statement,
        .action = action,
        .state = &file->state,
        .annotations = file->annotations,
        .n_annotations = file->n_annotations,
    };
    for (size_t f = 0; lint_families[f]; f++) {
        for (const struct lint_rule_entry *entry = lint_families[f]; entry->rule.id; entry++)
            check_rule(file, &view, entry);
    }
}

static void forget_transaction(struct lint_file *file)
{
    struct lint_state *state = &file->state;
    if (file->settings->order)
        lint_order_begin(file->settings->order, file->path);
    state->strong = NULL;
    state->strong_reads = false;
    state->told_of_strong = false;
    state->n_not_valid = 0;
}

static void note_timeout(struct arena *arena, struct lint_state *state, const struct lint_action *action)
{
    if (!same_text(action->name, "lock_timeout") || !action->what)
        return;
    bool off = strcmp(action->what, "default") == 0 || strtol(action->what, NULL, 10) == 0;
    /* SET LOCAL outside a transaction only warns. */
    if (!(action->flags & LINT_LOCAL) || state->in_transaction) {
        state->timeout_set = !off;
        state->timeout = arena_strdup(arena, action->what);
        state->timeout_off = off && strcmp(action->what, "default") != 0;
    }
}

static void note_gone(struct lint_file *file, const struct lint_action *action)
{
    struct lint_state *state = &file->state;
    const char *name = action->name ? action->name : action->relation.name;
    bool drops = (action->act >= LINT_DROP_TABLE && action->act <= LINT_DROP_OTHER) ||
                 action->act == LINT_DROP_INDEX || action->act == LINT_DROP_CONSTRAINT ||
                 action->act == LINT_DROP_TRIGGER;
    if (drops && name && (action->flags & LINT_IF_EXISTS))
        (void)snprintf(state->gone[state->n_gone++ % LINT_GONE_KEPT], LINT_GONE_SIZE, "%s", name);
}

/* Made without looking at rows, or looked at. */
static bool is_about_constraints(const struct lint_action *action)
{
    switch (action->act) {
    case LINT_VALIDATE: return true;
    case LINT_SET: return !(action->flags & LINT_LOCAL);
    case LINT_ADD_CHECK:
    case LINT_ADD_NOT_NULL:
    case LINT_ADD_FOREIGN_KEY: return action->flags & LINT_NOT_VALID;
    default: return false;
    }
}

static void note_action(struct lint_file *file, const struct lint_action *action)
{
    struct lint_state *state = &file->state;
    state->only_constraints = state->only_constraints && is_about_constraints(action);
    switch (action->act) {
    case LINT_BEGIN:
        state->in_transaction = true;
        state->begun = action->place;
        state->only_constraints = true;
        forget_transaction(file);
        break;
    case LINT_COMMIT:
    case LINT_ROLLBACK:
        state->in_transaction = state->only_constraints = false;
        forget_transaction(file);
        lint_held_give(&file->held, file->give, file->context);
        break;
    case LINT_CREATE_VIEW: lint_held_take_back(&file->held, action->relation.name); break;
    case LINT_SET: note_timeout(file->arena, state, action); break;
    case LINT_CREATE_POLICY:
        if (action->relation.name) {
            const char *table = arena_strdup(file->arena, action->relation.name);
            ARENA_PUSH(file->arena, state->policies, state->n_policies, table);
        }
        break;
    default:
        /* One word for a file is enough. */
        if (lint_fails_again(action) && !lint_is_gone(state, action) && !state->in_transaction)
            state->told_of_repeating = true;
        note_gone(file, action);
        if ((action->flags & LINT_NOT_VALID) && action->name && state->in_transaction) {
            const char *name = arena_strdup(file->arena, action->name);
            ARENA_PUSH(file->arena, state->not_valid, state->n_not_valid, name);
        }
    }
}

static void note_locks(struct lint_file *file, const struct lint_statement *statement)
{
    struct lint_state *state = &file->state;
    struct lint_order *order = file->settings->order;
    if (order && state->in_transaction)
        lint_order_note(order, statement, file->place.line);
    if (statement->n_actions && lint_locks_unnamed(statement->actions))
        state->told_of_timeout = state->told_of_timeout || !state->timeout_set;
    for (size_t i = 0; i < statement->n_touches; i++) {
        const struct lint_touch *touch = &statement->touches[i];
        if (!lint_others_wait(statement, touch))
            continue;
        state->told_of_timeout = state->told_of_timeout || !state->timeout_set;
        if (!state->in_transaction)
            continue;
        if (!state->strong)
            state->strong = arena_strdup(file->arena, touch->relation.name);
        else if (lint_blocks_reads(touch->mode) && strcmp(state->strong, touch->relation.name) != 0)
            state->told_of_strong = true;
        state->strong_reads = state->strong_reads || lint_blocks_reads(touch->mode);
    }
}

void lint_file_statement(struct lint_file *file, const struct lint_statement *statement)
{
    find_annotations(file, statement);
    move_to(file, statement->place.begin);
    if (statement->unreadable) {
        struct lint_slice place = {statement->unreadable_at, statement->place.end};
        give_own(file, UNREADABLE, place, "%s", statement->unreadable);
        return;
    }
    if (statement->since > file->settings->server_major) {
        struct lint_slice place = {statement->since_at, statement->since_at};
        give_own(file, NEEDS_NEWER_SERVER, place, "PostgreSQL %d does not know \"%s\": it came with %d",
                 file->settings->server_major, statement->since_words, statement->since);
    }
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    for (size_t i = 0; i < statement->n_actions; i++)
        check_action(file, statement, &statement->actions[i], arena);
    for (size_t i = 0; i < statement->n_actions; i++)
        note_action(file, &statement->actions[i]);
    note_locks(file, statement);
}

/* Rules of segue start's own, which stand in the same annotations. */
static bool is_of_start(const char *rule)
{
    return strcmp(rule, "table-rewrite") == 0 || strcmp(rule, "ambiguous-copy") == 0;
}

/* What the file's `allow` annotations came to. */
static void judge_allows(struct lint_file *file)
{
    file->first = file->behind = 0; /* nothing allows these */
    for (size_t i = 0; i < file->n_annotations; i++) {
        const struct annotation *a = &file->annotations[i];
        struct lint_slice place = {a->offset, a->offset + strcspn(file->content + a->offset, "\r\n")};
        if (a->kind != ANNOTATION_ALLOW || file->used[i] || is_of_start(a->object))
            continue;
        if (lint_rule(a->object))
            give_own(file, UNUSED_ALLOW, place, "the statement has no finding of %s", a->object);
        else
            give_own(file, UNKNOWN_RULE, place, "there is no rule %s", a->object);
    }
}

void lint_file_end(struct lint_file *file)
{
    lint_held_give(&file->held, file->give, file->context);
    file->first = file->behind;
    move_to(file, 0);
    if (file->state.in_transaction && !file->settings->in_transaction)
        give_own(file, OPEN_TRANSACTION, file->state.begun, "the file ends without COMMIT");
    judge_allows(file);
}

size_t lint_file_allowed(const struct lint_file *file)
{
    return file->allowed;
}

struct place lint_file_place(const struct lint_file *file)
{
    return file->place;
}

bool lint_is_migration(const char *content)
{
    struct error err;
    struct annotation *annotations;
    size_t n;
    if (!strcasestr(content, "segue"))
        return false;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    if (!annotation_read(arena, "", content, &annotations, &n, &err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (annotations[i].kind != ANNOTATION_ALLOW)
            return true;
    }
    return false;
}
