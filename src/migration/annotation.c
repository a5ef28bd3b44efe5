#include "migration/annotation.h"

#include <string.h>
#include <strings.h>

#include "base/compare.h"
#include "migration/annotation_internal.h"
#include "migration/comment.h"
#include "migration/place.h"

enum { CONTINUATION_INDENT = 4 };

enum form_index {
    FORM_UP,
    FORM_DOWN,
    FORM_EXISTING,
    FORM_COPY,
    FORM_BACK,
    FORM_PHASE,
    FORM_UNDO,
    FORM_ALLOW,
    FORM_MARKS,
    FORM_HEAD
};

static const struct annotation_form forms[] = {
    [FORM_UP] = {"up", "up TABLE.column = expression over the old version's columns [otherwise constant]"},
    [FORM_DOWN] = {"down", "down TABLE.column = expression over the new version's columns"},
    [FORM_EXISTING] = {"existing", "existing TABLE.column = value for the rows already present"},
    [FORM_COPY] = {"copy", "copy NEW from OLD: column = expression, … [where condition] key (columns)"},
    [FORM_BACK] = {"back", "back OLD from NEW: column = expression, …"},
    [FORM_PHASE] = {"phase", "phase expand (or: phase contract), above the statement that it is about"},
    [FORM_UNDO] = {"undo",
                   "undo SQL (or: undo none because \"the reason\"), above the statement that it takes back"},
    [FORM_ALLOW] = {"allow", "allow RULE because \"the reason\""},
    [FORM_MARKS] = {"marks",
                    "marks TOOL VERSION [\"description\"] [after VERSION] [in TABLE] [file \"path\"]"},
};

static const char *const all_words[] = {"up",    "down",  "existing", "copy",  "back",     "phase", "undo",
                                        "allow", "marks", "goal",     "owner", "deadline", "note"};

const char *annotation_kind_name(enum annotation_kind kind)
{
    static const char *const names[] = {
        [ANNOTATION_UP] = "up",
        [ANNOTATION_DOWN] = "down",
        [ANNOTATION_EXISTING] = "existing",
        [ANNOTATION_PHASE_EXPAND] = "phase expand",
        [ANNOTATION_PHASE_CONTRACT] = "phase contract",
        [ANNOTATION_ALLOW] = "allow",
        [ANNOTATION_GOAL] = "goal",
        [ANNOTATION_OWNER] = "owner",
        [ANNOTATION_DEADLINE] = "deadline",
        [ANNOTATION_NOTE] = "note",
        [ANNOTATION_UNDO] = "undo",
        [ANNOTATION_COPY] = "copy",
        [ANNOTATION_BACK] = "back",
        [ANNOTATION_MARKS] = "marks",
    };
    return names[kind];
}

/* An unqualified table may be the qualified one: then it is taken for the same. */
static bool same_column(const struct annotation *a, const struct annotation *b)
{
    bool same_schema = !a->table.schema || !b->table.schema || same_text(a->table.schema, b->table.schema);
    return same_schema && same_text(a->table.name, b->table.name) && same_text(a->column, b->column);
}

static bool refuse_repetition(struct annotation_reader *r, const struct annotation *annotation, size_t at)
{
    for (size_t i = 0; i < *r->n; i++) {
        const struct annotation *other = &(*r->list)[i];
        if (other->kind == annotation->kind && same_column(other, annotation)) {
            annotation_fail(r, at, NULL, "\"%s %s.%s\" is said twice; the first time in line %d",
                            annotation_kind_name(annotation->kind), annotation->table.name,
                            annotation->column, other->place.line);
            return error_hint(r->err, "keep one of them");
        }
    }
    return true;
}

/* up, down, existing: T.c = expression */
static bool read_assignment(struct annotation_reader *r, size_t begin, enum form_index which,
                            enum annotation_kind kind)
{
    const struct annotation_form *form = &forms[which];
    struct annotation annotation = annotation_begin(r, kind, begin);
    const char *parts[3];
    size_t n;
    annotation_skip_blanks(r);
    size_t target = r->at;
    if (!annotation_identifiers(r, form, parts, SEGUE_COUNT(parts), &n))
        return false;
    if (n == 1)
        return annotation_fail(r, target, form, "\"%s\" is not a column of a table", parts[0]);
    annotation.table = (struct name){.schema = n == 3 ? parts[0] : NULL, .name = parts[n - 2]};
    annotation.column = parts[n - 1];
    annotation_skip_blanks(r);
    if (!annotation_take(r, '='))
        return annotation_fail(r, r->at, form, "an equals sign is missing before %s",
                               annotation_found(r, r->at));
    if (!annotation_rest(r, form, &annotation) || !refuse_repetition(r, &annotation, begin))
        return false;
    annotation_add(r, &annotation);
    return true;
}

/* copy, back: TABLE from TABLE: the rest, which is kept as it stands */
static bool read_copy(struct annotation_reader *r, size_t begin, enum form_index which,
                      enum annotation_kind kind)
{
    const struct annotation_form *form = &forms[which];
    struct annotation annotation = annotation_begin(r, kind, begin);
    const char *to[2], *from[2];
    size_t n_to, n_from;
    if (!annotation_identifiers(r, form, to, SEGUE_COUNT(to), &n_to))
        return false;
    annotation_skip_blanks(r);
    size_t at = r->at;
    if (strcasecmp(annotation_word(r), "from") != 0)
        return annotation_fail(r, at, form, "\"from\" is missing before %s", annotation_found(r, at));
    if (!annotation_identifiers(r, form, from, SEGUE_COUNT(from), &n_from))
        return false;
    annotation_skip_blanks(r);
    if (!annotation_take(r, ':'))
        return annotation_fail(r, r->at, form, "a colon is missing before %s", annotation_found(r, r->at));
    annotation.table = (struct name){.schema = n_to == 2 ? to[0] : NULL, .name = to[n_to - 1]};
    annotation.source = (struct name){.schema = n_from == 2 ? from[0] : NULL, .name = from[n_from - 1]};
    annotation.object = n_from == 2 ? arena_printf(r->arena, "%s.%s", from[0], from[1]) : from[0];
    if (!annotation_rest(r, form, &annotation))
        return false;
    annotation_add(r, &annotation);
    return true;
}

static bool read_phase(struct annotation_reader *r, size_t begin)
{
    static const char *const phases[] = {"expand", "contract"};
    const struct annotation_form *form = &forms[FORM_PHASE];
    annotation_skip_blanks(r);
    size_t at = r->at;
    const char *word = annotation_word(r);
    bool expand = strcasecmp(word, phases[0]) == 0;
    if (!expand && strcasecmp(word, phases[1]) != 0) {
        const char *closest = annotation_closest(word, phases, SEGUE_COUNT(phases));
        return annotation_fail(r, at, form, "%s is not a phase%s%s", annotation_found(r, at),
                               closest ? "; the nearest is " : "", closest ? closest : "");
    }
    annotation_skip_blanks(r);
    if (r->text[r->at])
        return annotation_fail(r, r->at, form, "%s stands behind the phase", annotation_found(r, r->at));
    struct annotation annotation =
        annotation_begin(r, expand ? ANNOTATION_PHASE_EXPAND : ANNOTATION_PHASE_CONTRACT, begin);
    annotation_add(r, &annotation);
    return true;
}

/* "because" and a reason in quotes, with nothing behind. */
static bool read_because(struct annotation_reader *r, const struct annotation_form *form,
                         struct annotation *annotation)
{
    annotation_skip_blanks(r);
    size_t at = r->at;
    if (strcasecmp(annotation_word(r), "because") != 0)
        return annotation_fail(r, at, form, "\"because\" is missing before %s", annotation_found(r, at));
    if (!annotation_quoted(r, form, &annotation->expr))
        return false;
    annotation_skip_blanks(r);
    if (r->text[r->at])
        return annotation_fail(r, r->at, form, "%s stands behind the reason", annotation_found(r, r->at));
    annotation_add(r, annotation);
    return true;
}

static bool read_undo(struct annotation_reader *r, size_t begin)
{
    const struct annotation_form *form = &forms[FORM_UNDO];
    struct annotation annotation = annotation_begin(r, ANNOTATION_UNDO, begin);
    size_t at = r->at;
    if (strcasecmp(annotation_word(r), "none") == 0) {
        annotation.object = "none";
        return read_because(r, form, &annotation);
    }
    r->at = at;
    annotation_skip_blanks(r);
    if (!r->text[r->at])
        return annotation_fail(r, r->at, form, "the statement that takes back is missing");
    if (!annotation_rest(r, form, &annotation))
        return false;
    annotation_add(r, &annotation);
    return true;
}

static bool read_allow(struct annotation_reader *r, size_t begin)
{
    const struct annotation_form *form = &forms[FORM_ALLOW];
    struct annotation annotation = annotation_begin(r, ANNOTATION_ALLOW, begin);
    annotation.object = annotation_word(r);
    if (!*annotation.object || strcasecmp(annotation.object, "because") == 0)
        return annotation_fail(r, r->at, form, "the rule that is allowed is missing");
    return read_because(r, form, &annotation);
}

static bool unknown_word(struct annotation_reader *r, size_t at, const char *word)
{
    const char *closest = annotation_closest(word, all_words, SEGUE_COUNT(all_words));
    annotation_fail(r, at, NULL, "%s is not an annotation", annotation_found(r, at));
    if (closest)
        return error_hint(r->err, "did you mean \"%s\"?", closest);
    return error_hint(
        r->err,
        "annotations begin with up, down, existing, copy, back, phase, undo, allow, marks, goal, owner, deadline or note");
}

static enum form_index form_of(const char *word)
{
    for (size_t i = 0; i < SEGUE_COUNT(forms); i++) {
        if (strcasecmp(word, forms[i].word) == 0)
            return (enum form_index)i;
    }
    return FORM_HEAD;
}

/* The position is behind "segue:". */
static bool read_one(struct annotation_reader *r)
{
    annotation_skip_blanks(r);
    size_t begin = r->at;
    const char *word = annotation_word(r);
    switch (form_of(word)) {
    case FORM_UP: return read_assignment(r, begin, FORM_UP, ANNOTATION_UP);
    case FORM_DOWN: return read_assignment(r, begin, FORM_DOWN, ANNOTATION_DOWN);
    case FORM_EXISTING: return read_assignment(r, begin, FORM_EXISTING, ANNOTATION_EXISTING);
    case FORM_COPY: return read_copy(r, begin, FORM_COPY, ANNOTATION_COPY);
    case FORM_BACK: return read_copy(r, begin, FORM_BACK, ANNOTATION_BACK);
    case FORM_PHASE: return read_phase(r, begin);
    case FORM_UNDO: return read_undo(r, begin);
    case FORM_ALLOW: return read_allow(r, begin);
    case FORM_MARKS: return annotation_mark(r, &forms[FORM_MARKS], begin);
    case FORM_HEAD: break;
    }
    if (annotation_head(word) < 0)
        return unknown_word(r, begin, word);
    r->at = begin;
    return annotation_heads(r);
}

/* Whether a comment's text is addressed to segue; *colon: and rightly so, with its colon. `at` stands behind the dashes. */
static bool is_addressed(struct annotation_reader *r, size_t at, bool *colon)
{
    r->at = at;
    if (strcasecmp(annotation_word(r), "segue") != 0)
        return false;
    size_t behind = r->at;
    *colon = annotation_take(r, ':');
    if (*colon)
        return true;
    /* A forgotten colon must not make an annotation a remark that nobody reads. */
    const char *word = annotation_word(r);
    bool known = form_of(word) != FORM_HEAD || annotation_head(word) >= 0;
    r->at = behind;
    return known;
}

/* Whether a comment goes on with the one above: on the next line, alone there, indented behind its dashes. */
static bool continues(const char *content, const struct comment *above, const struct comment *comment)
{
    size_t at = above->end;
    at += content[at] == '\r';
    at += content[at] == '\n';
    at += strspn(content + at, " \t");
    if (at != comment->begin || !comment->alone)
        return false;
    const char *body = content + comment->begin + 2;
    size_t indent = strspn(body, " \t");
    return (indent >= CONTINUATION_INDENT || body[0] == '\t') && strncasecmp(body + indent, "segue", 5) != 0;
}

/* Heads stay on one line: a remark below them is not theirs. */
static bool may_continue(struct annotation_reader *r)
{
    size_t at = r->at;
    enum form_index form = form_of(annotation_word(r));
    r->at = at;
    return form != FORM_HEAD && form != FORM_PHASE;
}

/* The text of comments [first, last] with blanks in place of the dashes of all but the first. */
static const char *joined(struct annotation_reader *r, const struct comment *comments, size_t first,
                          size_t last)
{
    char *text = arena_strndup(r->arena, r->content + comments[first].begin,
                               comments[last].end - comments[first].begin);
    for (size_t i = first + 1; i <= last; i++)
        memset(text + (comments[i].begin - comments[first].begin), ' ', 2);
    return text;
}

/* Reads the annotation that begins with comments[*i], if it does; *i moves to its last comment. */
static bool read_comment(struct annotation_reader *r, const struct comment *comments, size_t n, size_t *i)
{
    bool colon;
    size_t last = *i;
    r->base = comments[*i].begin;
    r->text = joined(r, comments, *i, *i);
    if (!is_addressed(r, 2, &colon))
        return true;
    if (!colon) {
        annotation_fail(r, r->at, NULL, "the colon is missing behind \"segue\"");
        return error_hint(r->err, "write: -- segue: …");
    }
    if (may_continue(r)) {
        while (last + 1 < n && continues(r->content, &comments[last], &comments[last + 1]))
            last++;
    }
    r->text = joined(r, comments, *i, last);
    *i = last;
    return read_one(r);
}

/* The first wrong one ends it, unless somebody is told. */
static bool read_all(struct annotation_reader *r, annotation_tell *tell, void *context)
{
    struct comment *comments;
    size_t n;
    comment_find(r->arena, r->content, &comments, &n);
    *r->list = NULL;
    *r->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (read_comment(r, comments, n, &i))
            continue;
        if (!tell)
            return false;
        tell(context, r->err);
    }
    return true;
}

bool annotation_read(struct arena *arena, const char *path, const char *content, struct annotation **out,
                     size_t *n, struct error *err)
{
    struct annotation_reader r = {
        .arena = arena, .path = path, .content = content, .err = err, .list = out, .n = n};
    return read_all(&r, NULL, NULL);
}

void annotation_read_each(struct arena *arena, const char *path, const char *content, struct annotation **out,
                          size_t *n, annotation_tell *tell, void *context)
{
    struct error err;
    struct annotation_reader r = {
        .arena = arena, .path = path, .content = content, .err = &err, .list = out, .n = n};
    (void)read_all(&r, tell, context);
}
