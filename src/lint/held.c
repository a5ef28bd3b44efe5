#include "lint/held.h"

#include "base/compare.h"

struct lint_held_finding {
    struct lint_finding finding;
    bool taken_back;
};

void lint_held_add(struct lint_held *held, struct arena *arena, const struct lint_finding *finding)
{
    struct lint_held_finding kept = {.finding = *finding};
    kept.finding.message = arena_strdup(arena, finding->message);
    kept.finding.relation = finding->relation ? arena_strdup(arena, finding->relation) : NULL;
    kept.finding.fix = NULL; /* the rest of the transaction stands as it is */
    kept.finding.rewrite = NULL;
    kept.finding.here = finding->here ? arena_strdup(arena, finding->here) : NULL;
    ARENA_PUSH(arena, held->findings, held->n, kept);
}

void lint_held_take_back(struct lint_held *held, const char *view)
{
    for (size_t i = 0; i < held->n; i++) {
        if (same_text(held->findings[i].finding.relation, view))
            held->findings[i].taken_back = true;
    }
}

void lint_held_give(struct lint_held *held, lint_give *give, void *context)
{
    for (size_t i = 0; i < held->n; i++) {
        if (!held->findings[i].taken_back)
            give(context, &held->findings[i].finding);
    }
    *held = (struct lint_held){0};
}
