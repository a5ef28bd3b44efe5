/* The steps of marks: questions of the rows present before anything is touched, and the rows themselves with the new version. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/marks.h"

/* What stands in the place of {word}, or NULL. */
static const char *value_of(struct arena *arena, const struct model_mark *mark, size_t nth, const char *word,
                            size_t length)
{
    const struct mark_def *def = mark->annotation->mark;
    const struct {
        const char *word, *text;
    } literals[] = {{"version", def->version},
                    {"description", mark->description},
                    {"after", def->after},
                    {"script", def->file_name},
                    {"sha256", def->sha256}};
    if (length == strlen("table") && strncmp(word, "table", length) == 0)
        return mark->tables[nth];
    if (length == strlen("schema") && strncmp(word, "schema", length) == 0)
        return pg_format(arena, "%I", mark->schema);
    if (length == strlen("checksum") && strncmp(word, "checksum", length) == 0)
        return pg_format(arena, "%d", (int)def->line_checksum);
    for (size_t i = 0; i < SEGUE_COUNT(literals); i++)
        if (length == strlen(literals[i].word) && strncmp(word, literals[i].word, length) == 0)
            return pg_format(arena, "%L::text", literals[i].text);
    return NULL;
}

const char *marks_sql(struct arena *arena, const struct model_mark *mark, size_t nth, const char *template)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    while (*template) {
        size_t plain = strcspn(template, "{");
        text_append_n(&sql, template, plain);
        template += plain;
        size_t length = *template ? strcspn(template + 1, "}") : 0;
        if (*template) {
            text_append(&sql, value_of(arena, mark, nth, template + 1, length));
            template += length + 2;
        }
    }
    return arena_strdup(arena, text_string(&sql));
}

bool marks_lock(const struct model *model, const char *relation)
{
    for (size_t i = 0; i < model->n_marks; i++)
        for (size_t k = 0; k < MARK_TABLES && model->marks[i].tables[k]; k++)
            if (strcmp(model->marks[i].tables[k], relation) == 0)
                return true;
    return false;
}

static const char *first_column(const struct model_mark *mark)
{
    return mark->tool->tables[0].columns[0].name;
}

static void ask(struct steps *steps, const struct model_mark *mark, const char *what, const char *title,
                const struct check *question)
{
    struct step *step = step_begin(steps, PHASE_CHECK, STEP_CHECK, mark->tool->tables[0].name, what, title);
    step->check = arena_alloc(steps->arena, sizeof *step->check);
    *step->check = *question;
    step->duration = DURATION_INSTANT;
    step_lock(steps, mark->tables[0], "ACCESS SHARE");
}

/* What segue needs: to look, to add, to take away and, before that, to keep others from doing so. */
static void ask_rights(struct steps *steps, const struct model_mark *mark)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    for (size_t i = 0; i < MARK_TABLES && mark->tables[i]; i++)
        pg_append(&sql,
                  "%s(NOT (has_table_privilege(%L, 'SELECT') AND has_table_privilege(%L, 'INSERT') AND "
                  "has_table_privilege(%L, 'UPDATE') AND has_table_privilege(%L, 'DELETE')))::integer",
                  i ? " + " : "SELECT ", mark->tables[i], mark->tables[i], mark->tables[i], mark->tables[i]);
    const struct check check = {
        .count = arena_strdup(steps->arena, text_string(&sql)),
        .message = arena_printf(steps->arena, "the role may not write the history of %s", mark->tool->word),
        .hint = pg_format(steps->arena, "GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO the role",
                          mark->tables[0])};
    ask(steps, mark, "rights", arena_printf(steps->arena, "may %s be marked?", mark->tool->word), &check);
}

static void ask_absent(struct steps *steps, const struct model_mark *mark)
{
    const char *version = mark->annotation->mark->version;
    const struct check check = {
        .count = pg_format(steps->arena, "SELECT count(*) FROM %s WHERE %s", mark->tables[0],
                           marks_sql(steps->arena, mark, 0, mark->tool->tables[0].key)),
        .message = arena_printf(steps->arena, "%s has version %s already", mark->tool->word, version),
        .hint = arena_printf(steps->arena,
                             "if %s has run it, this migration comes too late; else leave the mark out",
                             mark->tool->word)};
    ask(steps, mark, "absent", arena_printf(steps->arena, "does %s have %s?", mark->tool->word, version),
        &check);
}

static bool follows_none(const struct model_mark *mark)
{
    return strcmp(mark->annotation->mark->after, "none") == 0;
}

/* The tool must be at the version that the mark says it follows. */
static void ask_after(struct steps *steps, const struct model_mark *mark)
{
    const char *column = first_column(mark), *after = mark->annotation->mark->after;
    const struct check check = {
        .count =
            follows_none(mark)
                ? pg_format(steps->arena, "SELECT count(*) FROM %s", mark->tables[0])
                : pg_format(steps->arena, "SELECT (NOT EXISTS (SELECT FROM %s WHERE %I::text = %L))::integer",
                            mark->tables[0], column, after),
        .sample =
            pg_format(steps->arena, "SELECT %I::text FROM %s ORDER BY 1 LIMIT 5", column, mark->tables[0]),
        .message = arena_printf(steps->arena, "%s is not at version %s", mark->tool->word, after),
        .hint = "the detail says where it is; let it do what comes before, or correct what the mark follows"};
    ask(steps, mark, "after", arena_printf(steps->arena, "is %s at %s?", mark->tool->word, after), &check);
}

static void ask_question(struct steps *steps, const struct model_mark *mark)
{
    const struct mark_question *question = &mark->tool->question;
    const struct check check = {.count = marks_sql(steps->arena, mark, 0, question->count),
                                .message =
                                    arena_printf(steps->arena, "%s %s", mark->tables[0], question->message),
                                .hint = question->hint};
    ask(steps, mark, "state", arena_printf(steps->arena, "can %s be marked?", mark->tool->word), &check);
}

void steps_check_marks(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_marks; i++) {
        const struct model_mark *mark = &steps->model->marks[i];
        ask_rights(steps, mark);
        ask_absent(steps, mark);
        if (mark->tool->replaces)
            ask_after(steps, mark);
        if (mark->tool->question.count)
            ask_question(steps, mark);
    }
}

/* INSERT of the row unless it is there. */
static const char *insert(struct arena *arena, const struct model_mark *mark, size_t nth)
{
    const struct mark_table *table = &mark->tool->tables[nth];
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    for (size_t i = 0; i < MARK_COLUMNS && table->columns[i].name; i++) {
        pg_append(&names, "%s%I", i ? ", " : "", table->columns[i].name);
        pg_append(&values, "%s%s", i ? ", " : "", marks_sql(arena, mark, nth, table->columns[i].value));
    }
    return pg_format(arena, "INSERT INTO %s (%s) SELECT %s WHERE NOT EXISTS (SELECT FROM %s WHERE %s)",
                     mark->tables[nth], text_string(&names), text_string(&values), mark->tables[nth],
                     marks_sql(arena, mark, nth, table->key));
}

/* From one version to the next; the tool must still be where it was when the migration began. */
static const char *replace(struct arena *arena, const struct model_mark *mark)
{
    const struct mark_def *def = mark->annotation->mark;
    const char *column = first_column(mark), *table = mark->tables[0];
    const char *value = marks_sql(arena, mark, 0, mark->tool->tables[0].columns[0].value);
    const char *key = marks_sql(arena, mark, 0, mark->tool->tables[0].key);
    const char *message =
        arena_printf(arena, "%s is not at version %s any more", mark->tool->word, def->after);
    return pg_format(
        arena, "DO %L",
        pg_format(arena,
                  "BEGIN IF NOT EXISTS (SELECT FROM %s WHERE %s) THEN UPDATE %s SET %I = %s WHERE "
                  "%I::text = %L; IF NOT FOUND THEN RAISE EXCEPTION USING MESSAGE = %L, HINT = 'put it "
                  "back to where it was, then segue resume; or segue rollback'; END IF; END IF; END",
                  table, key, table, column, value, column, def->after, message));
}

static const char *put_back(struct arena *arena, const struct model_mark *mark)
{
    const struct mark_column *column = &mark->tool->tables[0].columns[0];
    struct mark_def before = *mark->annotation->mark;
    struct annotation annotation = *mark->annotation;
    struct model_mark old = *mark;
    before.version = before.after;
    annotation.mark = &before;
    old.annotation = &annotation;
    return pg_format(arena, "UPDATE %s SET %I = %s WHERE %s", mark->tables[0], column->name,
                     marks_sql(arena, &old, 0, column->value),
                     marks_sql(arena, mark, 0, mark->tool->tables[0].key));
}

static void add_rows(struct steps *steps, const struct model_mark *mark)
{
    for (size_t i = 0; i < MARK_TABLES && mark->tables[i]; i++)
        step_act(steps, insert(steps->arena, mark, i));
    for (size_t i = MARK_TABLES; i > 0; i--)
        if (mark->tables[i - 1])
            step_undo(steps, pg_format(steps->arena, "DELETE FROM %s WHERE %s", mark->tables[i - 1],
                                       marks_sql(steps->arena, mark, i - 1, mark->tool->tables[i - 1].key)));
}

static void note(struct steps *steps, const struct model_mark *mark)
{
    const char *text = arena_printf(
        steps->arena,
        "%s has version %s as applied from the moment when both versions are live; rollback takes that back%s%s",
        mark->tool->word, mark->annotation->mark->version, mark->tool->meanwhile ? ". " : "",
        mark->tool->meanwhile ? mark->tool->meanwhile : "");
    ARENA_PUSH(steps->arena, steps->plan->notes, steps->plan->n_notes, text);
}

void steps_activate_marks(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_marks; i++) {
        const struct model_mark *mark = &steps->model->marks[i];
        /* What the tool itself writes meanwhile must not come between a look and a write. */
        for (size_t k = 0; k < MARK_TABLES && mark->tables[k]; k++) {
            step_lock(steps, mark->tables[k], "SHARE ROW EXCLUSIVE");
            step_act(steps,
                     pg_format(steps->arena, "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE", mark->tables[k]));
        }
        if (!mark->tool->replaces || follows_none(mark)) {
            add_rows(steps, mark);
        } else {
            step_act(steps, replace(steps->arena, mark));
            step_undo(steps, put_back(steps->arena, mark));
        }
        note(steps, mark);
    }
}
