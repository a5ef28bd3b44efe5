#include "lint/fix.h"

void lint_fix_apply(const char *content, struct lint_slice slice, const struct lint_edit *edits, size_t n,
                    struct text *out)
{
    size_t at = slice.begin;
    for (size_t i = 0; i < n; i++) {
        text_append_n(out, content + at, edits[i].slice.begin - at);
        text_append(out, edits[i].text);
        at = edits[i].slice.end;
    }
    text_append_n(out, content + at, slice.end - at);
}

/* Two insertions at one place touch as well: their order would be a guess. */
static bool touches(const struct lint_edit *a, const struct lint_edit *b)
{
    if (a->slice.begin == b->slice.begin)
        return true;
    return a->slice.begin < b->slice.end && b->slice.begin < a->slice.end;
}

static void insert(struct lint_edits *edits, struct arena *arena, const struct lint_edit *edit)
{
    struct lint_edit copy = {.slice = edit->slice, .text = arena_strdup(arena, edit->text)};
    ARENA_PUSH(arena, edits->list, edits->n, copy);
    for (size_t i = edits->n - 1; i > 0 && edits->list[i - 1].slice.begin > copy.slice.begin; i--) {
        edits->list[i] = edits->list[i - 1];
        edits->list[i - 1] = copy;
    }
}

bool lint_edits_add(struct lint_edits *edits, struct arena *arena, const struct lint_fix *fix)
{
    for (size_t i = 0; i < fix->n; i++) {
        for (size_t k = 0; k < edits->n; k++) {
            if (touches(&fix->edits[i], &edits->list[k]))
                return false;
        }
    }
    for (size_t i = 0; i < fix->n; i++)
        insert(edits, arena, &fix->edits[i]);
    return fix->n > 0;
}
