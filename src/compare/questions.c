#include <string.h>

#include "compare/compare.h"

/* Both versions' sessions, with the search path of a role. */
struct pair {
    struct session *current, *new;
    struct name_map names;
};

/* Nothing here may write, and nobody is waited for long. */
static const char manners[] =
    "SET default_transaction_read_only = on; SET lock_timeout = '2s'; SET statement_timeout = '30s'";

static bool open_one(const struct question_settings *settings, const char *path, struct session **out,
                     struct error *err)
{
    const struct session_settings how = {
        .url = settings->url, .application_name = "segue compare", .search_path = path};
    return settings->engine->open(&how, out, err) && session_run(*out, manners, err);
}

static void pair_close(struct pair *pair)
{
    session_close(pair->current);
    session_close(pair->new);
    *pair = (struct pair){0};
}

static bool pair_open(const struct question_settings *settings, const char *role, struct arena *arena,
                      struct pair *out, struct error *err)
{
    if (!open_one(settings, gateway_path_of(settings->view, role, settings->current), &out->current, err) ||
        !open_one(settings, gateway_path_of(settings->view, role, settings->new), &out->new, err))
        return false;
    const struct compared_versions versions = {out->current, out->new, settings->current, settings->new};
    return settings->engine->compare->names(&versions, arena, &out->names, err);
}

/* Columns of the result get the names that the statement has for them. */
static void rename_columns(const struct translation *translation, struct statement_shape *shape)
{
    for (size_t i = 0; i < shape->n_columns; i++)
        shape->columns[i].name = translation_output(translation, shape->columns[i].name);
}

/* An error that may come from names alone says why they were left. */
static void explain(struct question *question, struct arena *arena)
{
    const char *why = question->translation.why_not;
    for (size_t i = 0; why && i < question->differences.n; i++) {
        struct shape_difference *difference = &question->differences.list[i];
        if (difference->kind == SHAPE_ERROR)
            difference->what = arena_printf(arena, "%s; names are not translated: %s", difference->what, why);
    }
}

static bool ask(const struct question_settings *settings, const struct pair *pair, struct question *question,
                struct arena *arena, struct error *err)
{
    const struct compare_engine *engine = settings->engine->compare;
    const char *text = question->text;
    if (question->utility)
        return true;
    if (!engine->describe(pair->current, text, arena, &question->current, err))
        return false;
    /* What the current version cannot prepare has no meaning there that another could have. */
    if (!question->current.sqlstate)
        engine->translate(&pair->names, text, arena, &question->translation);
    bool renamed = question->translation.kind == TRANSLATION_DONE;
    if (!engine->describe(pair->new, renamed ? question->translation.text : text, arena, &question->new, err))
        return false;
    rename_columns(&question->translation, &question->new);
    question->verdict = shape_compare(&question->current, &question->new, arena, &question->differences);
    if (renamed && question->verdict == SHAPE_SAME)
        question->verdict = SHAPE_RENAMED;
    explain(question, arena);
    return true;
}

/* Those of one role, from the first one on that was not asked yet. */
static bool ask_role(const struct question_settings *settings, struct questions *questions, const char *role,
                     bool *asked, struct error *err)
{
    struct pair pair = {0};
    bool good = pair_open(settings, role, questions->arena, &pair, err);
    for (size_t i = 0; good && i < questions->n; i++) {
        if (asked[i] || strcmp(questions->list[i].role, role) != 0)
            continue;
        asked[i] = true;
        good = ask(settings, &pair, &questions->list[i], questions->arena, err);
    }
    pair_close(&pair);
    return good;
}

bool questions_ask(const struct question_settings *settings, struct questions *questions, struct error *err)
{
    bool *asked = arena_alloc(questions->arena, questions->n + 1);
    questions->current = settings->current;
    questions->new = settings->new;
    for (size_t i = 0; i < questions->n; i++)
        if (!asked[i] && !ask_role(settings, questions, questions->list[i].role, asked, err))
            return false;
    return true;
}
