#include "postgres/lint/effects.h"

#include <string.h>

#include "base/compare.h"
#include "postgres/lint/effects_internal.h"

/* Made by the file that is read now: nobody but it uses the relation. */
static bool is_fresh(const struct effects *e, struct name name)
{
    const struct known_relation *relation = known_relation(e->known, name);
    return relation &&
           (relation->temporary || (relation->file && relation->file == known_file_now(e->known)));
}

struct lint_touch *effects_touch(struct effects *e, struct name name, enum lint_mode mode)
{
    struct lint_statement *s = e->statement;
    if (!name.name)
        return &e->nowhere;
    for (size_t i = 0; i < s->n_touches; i++) {
        struct lint_touch *touch = &s->touches[i];
        if (same_text(touch->relation.name, name.name) && same_text(touch->relation.schema, name.schema)) {
            if (mode > touch->mode)
                touch->mode = mode;
            return touch;
        }
    }
    struct lint_touch touch = {.relation = name, .mode = mode, .fresh = is_fresh(e, name)};
    ARENA_PUSH(e->arena, s->touches, s->n_touches, touch);
    return &s->touches[s->n_touches - 1];
}

static enum lint_truth worse(enum lint_truth a, enum lint_truth b)
{
    return a > b ? a : b;
}

static void add_work(struct lint_touch *touch, const struct lint_action *action)
{
    touch->rewrite = worse(touch->rewrite, action->rewrite);
    touch->scan = worse(touch->scan, action->scan);
}

void effects_own(struct effects *e, enum lint_mode mode)
{
    if (e->action->relation.name)
        add_work(effects_touch(e, e->action->relation, mode), e->action);
}

/* Deeper than anybody divides. */
enum { DEPTH_LIMIT = 64 };

static void tree(struct effects *e, const struct known_relation *relation, enum lint_mode mode, int depth)
{
    struct lint_touch *touch = effects_touch(e, relation->name, mode);
    if (!relation->n_children && !relation->partitioned)
        add_work(touch, e->action);
    bool whole = depth < DEPTH_LIMIT && !(e->action->flags & LINT_ONLY);
    for (size_t i = 0; whole && i < relation->n_children; i++)
        tree(e, relation->children[i], mode, depth + 1);
}

void effects_tree(struct effects *e, enum lint_mode mode)
{
    if (e->relation)
        tree(e, e->relation, mode, 0);
    else
        effects_own(e, mode);
}

void effects_rewrites(struct effects *e, enum lint_truth truth, const char *why)
{
    if (truth > e->action->rewrite) {
        e->action->rewrite = truth;
        e->action->why = why;
    }
}

void effects_scans(struct effects *e, enum lint_truth truth, const char *why)
{
    if (truth > e->action->scan) {
        e->action->scan = truth;
        if (e->action->rewrite == LINT_NO)
            e->action->why = why;
    }
}

void effects_fails(struct effects *e, enum lint_truth truth, const char *why)
{
    if (truth > e->action->fails) {
        e->action->fails = truth;
        e->action->why = why;
    }
}

void effects_since(struct effects *e, int major, const char *words)
{
    if (major > e->statement->since) {
        e->statement->since = major;
        e->statement->since_words = words;
        e->statement->since_at = e->action->place.begin;
    }
}

void effects_find(struct arena *arena, const struct known *known, const struct lint_settings *settings,
                  struct lint_statement *statement)
{
    struct effects e = {.arena = arena, .known = known, .settings = settings, .statement = statement};
    for (size_t i = 0; i < statement->n_actions; i++) {
        e.action = &statement->actions[i];
        e.relation = known_relation(known, e.action->relation);
        e.action->of_view =
            e.action->act == LINT_REFRESH || (e.relation && e.relation->kind == KNOWN_MATERIALIZED_VIEW);
        e.action->fresh = (e.action->flags & LINT_TEMPORARY) || is_fresh(&e, e.action->relation);
        if (!effects_of_column(&e) && !effects_of_key(&e) && !effects_of_table(&e))
            (void)effects_of_object(&e);
        effects_note(&e);
    }
}
