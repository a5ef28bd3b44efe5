/* marks TOOL VERSION ["description"] [after VERSION] [in TABLE] [file "path"] */
#include <string.h>
#include <strings.h>

#include "migration/annotation_internal.h"
#include "migration/mark.h"

/* What stands up to the next blank, or in double quotes; NULL where nothing does. */
static bool read_token(struct annotation_reader *r, const struct annotation_form *form, const char *what,
                       const char **out)
{
    annotation_skip_blanks(r);
    if (r->text[r->at] == '"')
        return annotation_quoted(r, form, out);
    size_t length = strcspn(r->text + r->at, " \t\r\n");
    if (!length)
        return annotation_fail(r, r->at, form, "%s is missing", what);
    *out = arena_strndup(r->arena, r->text + r->at, length);
    r->at += length;
    return true;
}

static bool read_table(struct annotation_reader *r, const struct annotation_form *form, struct mark_def *mark)
{
    const char *parts[2];
    size_t n;
    if (!annotation_identifiers(r, form, parts, SEGUE_COUNT(parts), &n))
        return false;
    mark->table = (struct name){.schema = n == 2 ? parts[0] : NULL, .name = parts[n - 1]};
    return true;
}

/* What may follow the version, in any order. */
static bool read_part(struct annotation_reader *r, const struct annotation_form *form, struct mark_def *mark)
{
    size_t at = r->at;
    if (r->text[at] == '"' && !mark->description)
        return annotation_quoted(r, form, &mark->description);
    const char *word = annotation_word(r);
    if (strcasecmp(word, "after") == 0 && !mark->after)
        return read_token(r, form, "the version that it follows", &mark->after);
    if (strcasecmp(word, "in") == 0 && !mark->table.name)
        return read_table(r, form, mark);
    if (strcasecmp(word, "file") == 0 && !mark->file)
        return annotation_quoted(r, form, &mark->file);
    return annotation_fail(r, at, form, "%s stands behind the mark", annotation_found(r, at));
}

bool annotation_mark(struct annotation_reader *r, const struct annotation_form *form, size_t begin)
{
    struct annotation annotation = annotation_begin(r, ANNOTATION_MARKS, begin);
    struct mark_def *mark = arena_alloc(r->arena, sizeof *mark);
    if (!read_token(r, form, "the tool that is marked", &mark->tool) ||
        !read_token(r, form, "the version that is marked", &mark->version))
        return false;
    for (annotation_skip_blanks(r); r->text[r->at]; annotation_skip_blanks(r))
        if (!read_part(r, form, mark))
            return false;
    annotation.mark = mark;
    annotation_add(r, &annotation);
    return true;
}
