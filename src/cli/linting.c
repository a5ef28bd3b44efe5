/* Reading files and settings for segue lint, and what is known before a file is looked at. */
#include "cli/linting.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lint/order.h"

static void close_file(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

static bool read_stream(FILE *file, const char *path, struct text *out, struct error *err)
{
    char buffer[64 * 1024];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_append_n(out, buffer, n);
    if (ferror(file))
        return error_set(err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    if (out->data && strlen(out->data) != out->length)
        return error_set(err, ERROR_USAGE, "%s holds a zero byte and is no SQL text", path);
    return true;
}

bool linting_read(const char *path, struct text *out, struct error *err)
{
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, path, out, err);
    SEGUE_CLEANUP(close_file) FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    return read_stream(file, path, out, err);
}

/* Paths in the file of settings are seen from where it lies. */
static const char *beside(struct arena *arena, const char *config, const char *path)
{
    const char *slash = strrchr(config, '/');
    if (!slash || *path == '/')
        return path;
    return arena_printf(arena, "%.*s/%s", (int)(slash - config), config, path);
}

bool linting_configure(struct linting *linting, struct error *err)
{
    struct toml toml;
    struct arena *arena = linting->call->arena;
    const char *path = given_value(linting->call, "config");
    SEGUE_CLEANUP(text_free) struct text content = {0};
    if (!path && access("segue.toml", F_OK) != 0)
        return true;
    path = path ? path : "segue.toml";
    if (!linting_read(path, &content, err) || !toml_read(arena, path, text_string(&content), &toml, err) ||
        !lint_config_read(arena, &toml, &linting->config, err))
        return false;
    for (size_t i = 0; i < linting->config.n_schema_files; i++)
        linting->config.schema_files[i] = beside(arena, path, linting->config.schema_files[i]);
    return true;
}

/* What is said of the tables that are there, before any file. */
static bool read_schemas(struct linting *linting, struct error *err)
{
    size_t n;
    const struct engine *engine = linting->call->engine;
    const char **paths = given_values(linting->call, "schema-file", &n);
    if (n == 0) {
        paths = linting->config.schema_files;
        n = linting->config.n_schema_files;
    }
    for (size_t i = 0; i < n; i++) {
        SEGUE_CLEANUP(text_free) struct text content = {0};
        if (!linting_read(paths[i], &content, err))
            return false;
        engine->lint_read(linting->knowledge, text_string(&content), 0, &linting->settings, NULL, NULL);
    }
    return true;
}

bool linting_open(struct linting *linting, struct error *err)
{
    struct invocation *call = linting->call;
    if (!given(call, "url")) {
        if (!given(call, "exact"))
            return true;
        error_set(err, ERROR_USAGE, "--exact needs a database to look at");
        return error_hint(err, "name it with --url");
    }
    if (!call_open(call, "segue lint", false, &linting->session, err) ||
        !call->engine->lint_source(linting->session, given(call, "exact"), call->arena, &linting->source,
                                   err))
        return false;
    linting->settings.source = linting->source;
    linting->settings.server_major = linting->source->server_major;
    return true;
}

static bool rewrite(void *context, const struct lint_fix_request *request, struct arena *arena,
                    struct lint_fix *out)
{
    const struct linting *linting = context;
    return linting->call->engine->lint_rewrite(linting->knowledge, request, arena, out);
}

bool linting_begin(struct linting *linting, struct error *err)
{
    const struct engine *engine = linting->call->engine;
    arena_free(linting->memory);
    linting->memory = arena_new();
    linting->knowledge = engine->lint_knowledge(linting->memory);
    linting->number = 0;
    linting->fixer = (struct lint_fixer){.context = linting, .rewrite = rewrite};
    linting->settings.fixer = &linting->fixer;
    if (linting->source)
        engine->lint_know(linting->source, linting->knowledge);
    return linting->source || read_schemas(linting, err);
}

static void ignore(void *context, const struct lint_finding *finding)
{
    (void)context;
    (void)finding;
}

static void only_look(void *context, const struct lint_statement *statement)
{
    lint_file_statement(((struct linting *)context)->file, statement);
}

bool linting_order(struct linting *linting, struct error *err)
{
    size_t n;
    const char **paths = given_values(linting->call, "transactions", &n);
    if (n == 0 && linting->call->n_arguments < 2)
        return true;
    linting->settings.order = lint_order_new(linting->call->arena);
    for (size_t i = 0; i < n; i++) {
        SEGUE_CLEANUP(text_free) struct text content = {0};
        if (!linting_begin(linting, err) || !linting_read(paths[i], &content, err))
            return false;
        (void)linting_look(linting, paths[i], text_string(&content), only_look, ignore, NULL);
    }
    return true;
}

bool linting_still_there(const struct linting *linting, struct error *err)
{
    if (!linting->source || linting->source->lost.class == ERROR_NONE)
        return true;
    *err = linting->source->lost;
    return false;
}

size_t linting_look(struct linting *linting, const char *name, const char *content, lint_visit *visited,
                    lint_give *give, void *given_to)
{
    const struct engine *engine = linting->call->engine;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct error refused;
    bool migration = lint_is_migration(content);
    bool startable = migration && engine->lint_startable(name, content, &refused);
    linting->file = lint_file_begin(arena, name, content, &linting->settings, startable,
                                    migration && !startable ? &refused : NULL, give, given_to);
    engine->lint_read(linting->knowledge, content, ++linting->number, &linting->settings, visited, linting);
    lint_file_end(linting->file);
    return lint_file_allowed(linting->file);
}
