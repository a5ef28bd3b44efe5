/* segue compare: what the new version makes of the applications' statements, before any of them runs there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/print.h"
#include "cli/state.h"
#include "cli/version.h"
#include "compare/compare.h"

enum { MOST_RECORDED = 5000 };

static void note(struct questions *questions, const char *what)
{
    ARENA_PUSH(questions->arena, questions->notes, questions->n_notes, what);
}

static void add_recorded(struct questions *questions, const struct recorded_statements *recorded,
                         const char *source, const char *role)
{
    for (size_t i = 0; i < recorded->n; i++) {
        const struct recorded_statement *statement = &recorded->list[i];
        const struct question question = {.text = statement->text,
                                          .role = role,
                                          .source = source,
                                          .calls = statement->calls,
                                          .utility = statement->utility};
        ARENA_PUSH(questions->arena, questions->list, questions->n, question);
    }
}

static bool take_file(const struct invocation *call, const char *path, const char *role,
                      struct questions *questions, struct error *err)
{
    struct recorded_statements recorded;
    SEGUE_CLEANUP(text_free) struct text content = {0};
    if (!read_file(path, &content, err) ||
        !call->engine->statements_in(call->arena, path, arena_strdup(call->arena, text_string(&content)),
                                     &recorded, err))
        return false;
    for (size_t i = 0; i < recorded.n; i++) {
        struct normal normal;
        call->engine->compare->normalise(recorded.list[i].text, call->arena, &normal);
        recorded.list[i].utility = !*normal.fingerprint;
    }
    add_recorded(questions, &recorded, "file", role);
    return true;
}

static bool take_recorded(const struct invocation *call, struct session *session, const char *role,
                          struct questions *questions, struct error *err)
{
    struct recorded_statements recorded;
    if (!call->engine->recorded_statements(session, MOST_RECORDED, call->arena, &recorded, err))
        return false;
    if (recorded.why)
        note(questions, recorded.why);
    if (recorded.hidden > 0)
        note(questions,
             arena_printf(call->arena,
                          "%.0f statements of other roles could not be seen: GRANT pg_read_all_stats "
                          "shows them",
                          recorded.hidden));
    add_recorded(questions, &recorded, "pg_stat_statements", role);
    return true;
}

/* What a session asked on either version is one statement. */
static struct question *find(struct questions *questions, const struct kept_statement *kept, const char *role)
{
    for (size_t i = 0; i < questions->n; i++)
        if (strcmp(questions->list[i].text, kept->text) == 0 && strcmp(questions->list[i].role, role) == 0)
            return &questions->list[i];
    return NULL;
}

static bool take_kept(const struct invocation *call, struct session *session, const char *role,
                      struct questions *questions, struct error *err)
{
    struct kept_statement *kept;
    size_t n;
    const char *why;
    if (!call->engine->compare->kept(session, call->arena, &kept, &n, &why, err))
        return false;
    if (why)
        note(questions, why);
    for (size_t i = 0; i < n; i++) {
        const char *whose = role ? role : kept[i].role;
        struct question *known = find(questions, &kept[i], whose);
        const struct question question = {
            .text = kept[i].text, .role = whose, .source = "gateway", .calls = kept[i].calls};
        if (known)
            known->calls += kept[i].calls;
        else
            ARENA_PUSH(questions->arena, questions->list, questions->n, question);
    }
    return true;
}

/* Every source that there is, or the one that was asked for. */
static bool gather(const struct invocation *call, struct session *session, struct questions *questions,
                   struct error *err)
{
    size_t n;
    const char *role = given_value(call, "role");
    const char *of_all = role ? role : "";
    const char *const *files = given_values(call, "statements", &n);
    const char *source = given_value(call, "source");
    for (size_t i = 0; i < n; i++)
        if (!take_file(call, files[i], of_all, questions, err))
            return false;
    if (n > 0 && !source)
        return true;
    bool good = source && strcmp(source, "pg_stat_statements") == 0
                    ? true
                    : take_kept(call, session, role, questions, err);
    return good &&
           (source && strcmp(source, "gateway") == 0 ? true
                                                     : take_recorded(call, session, of_all, questions, err));
}

/* What gateways have found by running them. */
static bool take_compared(const struct invocation *call, struct session *session, const char *version,
                          struct questions *questions, struct error *err)
{
    const char *why;
    if (!call->engine->compare->noted(session, version, call->arena, &questions->compared,
                                      &questions->n_compared, &why, err))
        return false;
    if (why)
        note(questions, why);
    return true;
}

/* The version that is asked for, or the newest that is live beside the current one. */
static bool choose(const struct invocation *call, const struct gateway_view *view, const char **out,
                   struct error *err)
{
    const char *to = given_value(call, "to");
    const char *wanted = to ? version_schema(call, to) : NULL;
    for (size_t i = view->n_versions; i-- > 1;)
        if (!wanted || strcmp(view->versions[i].name, wanted) == 0) {
            *out = view->versions[i].name;
            return true;
        }
    error_set(err, ERROR_REFUSED, "no version of schema \"%s\" is live beside the one that it runs on",
              call->schema);
    if (wanted)
        error_detail(err, "there is no live version \"%s\"", wanted);
    return error_hint(err, "`segue start` makes one; no traffic has to be on it");
}

static int by_calls(const void *a, const void *b)
{
    double one = ((const struct question *)a)->calls, other = ((const struct question *)b)->calls;
    return (other > one) - (other < one);
}

static bool nothing(const struct questions *questions, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text why = {0};
    for (size_t i = 0; i < questions->n_notes; i++)
        text_printf(&why, "%s%s", i ? "; " : "", questions->notes[i]);
    error_set(err, ERROR_REFUSED, "there are no statements to ask about");
    error_detail(err, "%s", text_string(&why));
    return error_hint(err,
                      "give them with --statements FILE, or let applications work through segue gateway");
}

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct gateway_view view;
    struct questions questions = {.arena = call->arena};
    struct question_settings settings = {
        .engine = call->engine, .url = call->url, .schema = call->schema, .view = &view};
    if (!call_open(call, "segue compare", false, &session, err) || !state_required(call, session, err) ||
        !call->engine->gateway->view(session, call->schema, call->arena, &view, err) ||
        !choose(call, &view, &settings.new, err) || !gather(call, session, &questions, err) ||
        (!given(call, "statements") && !take_compared(call, session, settings.new, &questions, err)))
        return false;
    settings.current = view.versions[0].name;
    if (questions.n + questions.n_compared == 0)
        return nothing(&questions, err);
    if (questions.n > 0)
        qsort(questions.list, questions.n, sizeof *questions.list, by_calls);
    size_t differ;
    if (!questions_ask(&settings, &questions, err))
        return false;
    print_document(call, questions_document(&questions, &differ));
    call->status = differ ? 1 : 0;
    return true;
}

static const struct command_option options[] = {
    {.name = "statements",
     .value = "FILE",
     .help =
         "Statements to ask about, as SQL; nothing else is asked about then unless --source is given. Repeated.",
     .repeated = true,
     .kind = VALUE_FILE},
    {.name = "source",
     .value = "WHERE",
     .help =
         "Where statements come from: gateway, those that passed through segue gateway; pg_stat_statements, those that the server has recorded. Without it, both.",
     .kind = VALUE_WORDS,
     .words = "gateway pg_stat_statements"},
    {.name = "to",
     .value = "VERSION",
     .help = "The version that is asked besides the current one; without it, the newest that is live."},
    {.name = "role",
     .value = "ROLE",
     .help =
         "Whose search path the version stands in. Without it that of who asked, where a gateway saw it, else that of roles without one of their own."},
    {.name = "format",
     .value = "FORMAT",
     .help = "text, markdown, html (one page that needs nothing else) or json.",
     .fallback = "text",
     .kind = VALUE_WORDS,
     .words = "text markdown html json"},
    {0},
};

static const char *const description[] = {
    "While both versions are live and before anybody works on the new one: takes every statement that applications have asked, has the server read it under both versions' search paths, "
    "and lists what differs in the columns of the result (names, order, types), in the types of parameters, and in errors. No statement is run.",
    "Where the new version calls tables or columns otherwise, it is asked with its own names, and the statements that need them are listed, with what they need.",
    "Statements that work on the new version alone, and those that work on neither, are listed and are no difference.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue compare", "Asks about all statements that gateways and pg_stat_statements have seen."},
    {"segue compare --statements queries.sql --json", "About those of a file, for a program."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "Nothing differs."},
    {1,
     "Statements differ or need new names; or refused: no new version is live, or there are no statements."},
    {2, "The command line is wrong, or a file cannot be read."},
    {3, "The database reported an error, or the connection was lost."},
    {0, NULL},
};

const struct command command_compare = {
    .name = "compare",
    .summary = "list what statements would meet on the new version",
    .options = options,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
