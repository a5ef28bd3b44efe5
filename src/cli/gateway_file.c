#include "cli/gateway_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "cli/files.h"
#include "cli/parse.h"
#include "cli/report.h"
#include "config/toml.h"

struct reading {
    struct invocation *call;
    const struct toml *toml;
    const struct toml_setting *setting;
    struct given_option *given; /* what the file says */
    size_t n;
    struct error *err;
};

static const char *place(const struct reading *r)
{
    return arena_printf(r->call->arena, "%s:%d", r->toml->path, r->setting->line);
}

static const struct command_option *option_named(const struct invocation *call, const char *name)
{
    const struct command_option *lists[] = {call->command->options, global_options};
    for (size_t i = 0; i < SEGUE_COUNT(lists); i++)
        for (const struct command_option *option = lists[i]; option->name; option++)
            if (strcmp(option->name, name) == 0)
                return option;
    return NULL;
}

static bool unknown(const struct reading *r, setting_finder *find)
{
    const char **names = NULL;
    size_t n = 0;
    enum setting_kind kind;
    const struct command_option *lists[] = {r->call->command->options, global_options};
    for (size_t i = 0; i < SEGUE_COUNT(lists); i++)
        for (const struct command_option *option = lists[i]; option->name; option++)
            if (find(option->name, &kind))
                ARENA_PUSH(r->call->arena, names, n, option->name);
    error_set(r->err, ERROR_USAGE, "there is no setting %s", r->setting->key);
    const char *guess = nearest_word(r->setting->key, names, n);
    if (guess)
        error_hint(r->err, "did you mean %s?", guess);
    else
        error_hint(r->err, "settings are called as the options: see segue gateway --help");
    return error_where(r->err, "%s", place(r));
}

static bool wrong_kind(const struct reading *r, const char *wanted)
{
    error_set(r->err, ERROR_USAGE, "%s is %s, not %s", r->setting->key, wanted,
              toml_kind_name(r->setting->value.kind));
    return error_where(r->err, "%s", place(r));
}

static void put(struct reading *r, const struct command_option *option, const char *value)
{
    const struct given_option one = {.option = option, .value = value, .where = place(r)};
    ARENA_PUSH(r->call->arena, r->given, r->n, one);
}

static bool put_word(struct reading *r, const struct command_option *option, const struct toml_value *value)
{
    if (value->kind != TOML_STRING)
        return wrong_kind(r, option->repeated ? "a string or a list of strings" : "a string");
    if (option->words && !parse_word_allowed(option->words, value->string)) {
        error_set(r->err, ERROR_USAGE, "%s is one of: %s", option->name, option->words);
        return error_where(r->err, "%s", place(r));
    }
    put(r, option, value->string);
    return true;
}

static bool put_places(struct reading *r, const struct command_option *option)
{
    const struct toml_value *value = &r->setting->value;
    if (value->kind != TOML_LIST)
        return put_word(r, option, value);
    for (size_t i = 0; i < value->n_items; i++)
        if (!put_word(r, option, &value->items[i]))
            return false;
    return true;
}

/* As the text that the command line would have. */
static bool put_value(struct reading *r, const struct command_option *option, enum setting_kind kind)
{
    const struct toml_value *value = &r->setting->value;
    struct arena *arena = r->call->arena;
    bool number = value->kind == TOML_NUMBER || value->kind == TOML_FRACTION;
    switch (kind) {
    case SETTING_TEXT:
    case SETTING_URL: return put_word(r, option, value);
    case SETTING_PLACES: return put_places(r, option);
    case SETTING_SWITCH:
        if (value->kind != TOML_BOOLEAN)
            return wrong_kind(r, "true or false");
        if (value->boolean)
            put(r, option, NULL);
        return true;
    case SETTING_WHOLE:
        if (value->kind != TOML_NUMBER)
            return wrong_kind(r, "a whole number");
        put(r, option, arena_printf(arena, "%ld", value->number));
        return true;
    case SETTING_SECONDS:
    case SETTING_LAG:
        if (value->kind == TOML_STRING)
            return put_word(r, option, value);
        if (!number)
            return wrong_kind(r, "a duration such as \"30s\"");
        break;
    case SETTING_NUMBER:
        if (!number)
            return wrong_kind(r, "a number");
        break;
    }
    put(r, option, arena_printf(arena, "%.17g", value->fraction));
    return true;
}

static bool take(struct reading *r, setting_finder *find)
{
    enum setting_kind kind;
    const struct toml_setting *setting = r->setting;
    if (*setting->table) {
        error_set(r->err, ERROR_USAGE, "there is no table [%s]", setting->table);
        error_hint(r->err, "settings stand at the beginning of the file, before the tables [[rule]]");
        return error_where(r->err, "%s", place(r));
    }
    const struct command_option *option = option_named(r->call, setting->key);
    if (!option || !find(setting->key, &kind))
        return unknown(r, find);
    return put_value(r, option, kind);
}

/* What the file says of a password, or NULL. */
static const struct given_option *find_password(const struct reading *r, setting_finder *find)
{
    enum setting_kind kind;
    for (size_t i = 0; i < r->n; i++)
        if (find(r->given[i].option->name, &kind) && kind == SETTING_URL &&
            report_has_password(r->given[i].value))
            return &r->given[i];
    return NULL;
}

/* The rule is that of private keys: see tls_context.c. */
static bool is_private(const struct reading *r, setting_finder *find)
{
    const struct given_option *secret = find_password(r, find);
    const char *path = r->toml->path;
    struct stat about;
    if (!secret)
        return true;
    if (stat(path, &about) != 0)
        return error_set(r->err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    unsigned others = about.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if ((about.st_mode & others) == 0)
        return true;
    error_set(r->err, ERROR_USAGE, "%s holds a password, and others may read the file", secret->option->name);
    error_hint(
        r->err,
        "chmod 0600 %s (or 0640, if it belongs to root), or keep the password in ~/.pgpass or PGPASSWORD",
        path);
    return error_where(r->err, "%s", secret->where);
}

/* What the command line says itself is not looked for in the file. */
static void merge(struct reading *r)
{
    struct invocation *call = r->call;
    struct given_option *merged = NULL;
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const char *name = r->given[i].option->name;
        if (!given(call, name) && !(call->url && strcmp(name, "url") == 0))
            ARENA_PUSH(call->arena, merged, n, r->given[i]);
    }
    for (size_t i = 0; i < call->n_given; i++)
        ARENA_PUSH(call->arena, merged, n, call->given[i]);
    call->given = merged;
    call->n_given = n;
}

/* Where an error names a column, its line is shown; there may be a password in it. */
static bool hide_line(struct error *err)
{
    char *column = strrchr(err->where, ':');
    if (column)
        *column = '\0';
    return false;
}

bool gateway_file_read(struct invocation *call, const char *path, setting_finder *find, struct rules **rules,
                       struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text content = {0};
    struct toml toml;
    struct reading r = {.call = call, .toml = &toml, .err = err};
    if (!read_file(path, &content, err))
        return false;
    if (!toml_read(call->arena, path, text_string(&content), &toml, err))
        return hide_line(err);
    for (size_t i = 0; i < toml.n; i++) {
        r.setting = &toml.settings[i];
        if (strcmp(r.setting->table, RULES_TABLE) != 0 && !take(&r, find))
            return false;
    }
    if (!is_private(&r, find))
        return false;
    merge(&r);
    return rules_read(call->arena, &toml, given_value(call, "schema"), rules, err);
}
