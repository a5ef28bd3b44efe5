#include <string.h>

#include "compare/compare.h"

/* Both versions' sessions, with the search path of a role. */
struct pair {
    struct session *current, *new;
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

static bool pair_open(const struct question_settings *settings, const char *role, struct pair *out,
                      struct error *err)
{
    return open_one(settings, gateway_path_of(settings->view, role, settings->current), &out->current, err) &&
           open_one(settings, gateway_path_of(settings->view, role, settings->new), &out->new, err);
}

static bool ask(const struct question_settings *settings, const struct pair *pair, struct question *question,
                struct arena *arena, struct error *err)
{
    const struct compare_engine *engine = settings->engine->compare;
    if (question->utility)
        return true;
    if (!engine->describe(pair->current, question->text, arena, &question->current, err) ||
        !engine->describe(pair->new, question->text, arena, &question->new, err))
        return false;
    question->verdict = shape_compare(&question->current, &question->new, arena, &question->differences);
    return true;
}

/* Those of one role, from the first one on that was not asked yet. */
static bool ask_role(const struct question_settings *settings, struct questions *questions, const char *role,
                     bool *asked, struct error *err)
{
    struct pair pair = {0};
    bool good = pair_open(settings, role, &pair, err);
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
