#include "lint/config.h"

#include <string.h>

#include "base/compare.h"

enum { OLDEST = 12, NEWEST = 18 };

struct reading {
    struct arena *arena;
    const struct toml *toml;
    const struct toml_setting *setting;
    struct lint_config *out;
    struct error *err;
};

static bool at_its_place(const struct reading *r)
{
    return error_where(r->err, "%s:%d", r->toml->path, r->setting->line);
}

static bool wants(const struct reading *r, enum toml_kind kind)
{
    if (r->setting->value.kind == kind)
        return true;
    error_set(r->err, ERROR_USAGE, "%s is %s, not %s", r->setting->key, toml_kind_name(kind),
              toml_kind_name(r->setting->value.kind));
    return at_its_place(r);
}

bool lint_level_named(const char *name, enum lint_level *out)
{
    for (enum lint_level level = LINT_NOTE; level <= LINT_ERROR; level++) {
        if (strcmp(name, lint_level_name(level)) == 0) {
            *out = level;
            return true;
        }
    }
    *out = LINT_NOTHING;
    return strcmp(name, "off") == 0;
}

static bool level(const struct reading *r, bool may_be_off, enum lint_level *out)
{
    if (!wants(r, TOML_STRING))
        return false;
    if (lint_level_named(r->setting->value.string, out) && (*out != LINT_NOTHING || may_be_off))
        return true;
    error_set(r->err, ERROR_USAGE, "there is no level \"%s\"", r->setting->value.string);
    error_hint(r->err, "levels are note, warning and error%s", may_be_off ? ", or off" : "");
    return at_its_place(r);
}

static bool rule(struct reading *r)
{
    struct lint_rule_level set = {.rule = r->setting->key};
    if (!lint_rule(set.rule)) {
        error_set(r->err, ERROR_USAGE, "there is no rule %s", set.rule);
        error_hint(r->err, "segue lint --rules prints them");
        return at_its_place(r);
    }
    if (!level(r, true, &set.level))
        return false;
    ARENA_PUSH(r->arena, r->out->levels.rules, r->out->levels.n, set);
    return true;
}

static bool schema_files(struct reading *r)
{
    const struct toml_value *list = &r->setting->value;
    if (!wants(r, TOML_LIST))
        return false;
    for (size_t i = 0; i < list->n_items; i++) {
        if (list->items[i].kind != TOML_STRING) {
            error_set(r->err, ERROR_USAGE, "schema-files is a list of strings");
            return at_its_place(r);
        }
        ARENA_PUSH(r->arena, r->out->schema_files, r->out->n_schema_files, list->items[i].string);
    }
    return true;
}

static bool version(struct reading *r)
{
    if (!wants(r, TOML_NUMBER))
        return false;
    r->out->server_major = (int)r->setting->value.number;
    if (r->setting->value.number >= OLDEST && r->setting->value.number <= NEWEST)
        return true;
    error_set(r->err, ERROR_USAGE, "pg-version is %d to %d", OLDEST, NEWEST);
    return at_its_place(r);
}

static bool of_lint(struct reading *r)
{
    const char *key = r->setting->key;
    if (strcmp(key, "pg-version") == 0)
        return version(r);
    if (strcmp(key, "schema-files") == 0)
        return schema_files(r);
    if (strcmp(key, "in-transaction") == 0) {
        r->out->in_transaction = r->setting->value.boolean;
        return wants(r, TOML_BOOLEAN);
    }
    if (strcmp(key, "level") == 0)
        return level(r, false, &r->out->least);
    if (strcmp(key, "fail-on") == 0)
        return level(r, false, &r->out->fail_on);
    error_set(r->err, ERROR_USAGE, "[lint] has no setting %s", key);
    error_hint(r->err, "it has pg-version, schema-files, in-transaction, level and fail-on");
    return at_its_place(r);
}

bool lint_config_read(struct arena *arena, const struct toml *toml, struct lint_config *out,
                      struct error *err)
{
    *out = (struct lint_config){0};
    struct reading r = {.arena = arena, .toml = toml, .out = out, .err = err};
    for (size_t i = 0; i < toml->n; i++) {
        r.setting = &toml->settings[i];
        if (same_text(r.setting->table, "lint.rules") ? !rule(&r)
                                                      : same_text(r.setting->table, "lint") && !of_lint(&r))
            return false;
    }
    return true;
}
