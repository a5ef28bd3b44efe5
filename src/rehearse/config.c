#include "rehearse/config.h"

#include <string.h>

#define SCRUB "rehearse.scrub"

/* "email" of "users", or of "public.users". */
static bool name_parts(struct arena *arena, const char *name, const char *schema, struct scrub_rule *out)
{
    const char *parts[3];
    size_t n = 0;
    char *rest = arena_strdup(arena, name);
    while (rest && n < 3) {
        char *dot = strchr(rest, '.');
        parts[n++] = rest;
        if (dot)
            *dot++ = '\0';
        rest = dot;
    }
    if (rest || n < 2)
        return false;
    out->schema = n == 3 ? parts[0] : schema;
    out->table = parts[n - 2];
    out->column = parts[n - 1];
    return *out->table != '\0' && *out->column != '\0';
}

static bool rule(struct arena *arena, const struct toml *toml, const struct toml_setting *setting,
                 const char *schema, struct rehearse_config *out, struct error *err)
{
    const char *above = setting->table + strlen(SCRUB);
    const char *name = *above ? arena_printf(arena, "%s.%s", above + 1, setting->key) : setting->key;
    struct scrub_rule rule = {.where = arena_printf(arena, "%s:%d", toml->path, setting->line)};
    if (setting->value.kind != TOML_STRING) {
        error_set(err, ERROR_USAGE, "a scrub rule is %s, not %s", toml_kind_name(TOML_STRING),
                  toml_kind_name(setting->value.kind));
        return error_where(err, "%s", rule.where);
    }
    if (!name_parts(arena, name, schema, &rule)) {
        error_set(err, ERROR_USAGE,
                  "a scrub rule is for a column of a table, \"users.email\", not for \"%s\"", name);
        return error_where(err, "%s", rule.where);
    }
    rule.expression = setting->value.string;
    ARENA_PUSH(arena, out->rules, out->n_rules, rule);
    return true;
}

static bool is_scrub(const char *table)
{
    size_t length = strlen(SCRUB);
    return strncmp(table, SCRUB, length) == 0 && strchr(".", table[length]);
}

bool rehearse_config_read(struct arena *arena, const struct toml *toml, const char *schema,
                          struct rehearse_config *out, struct error *err)
{
    *out = (struct rehearse_config){0};
    for (size_t i = 0; i < toml->n; i++) {
        const struct toml_setting *setting = &toml->settings[i];
        if (is_scrub(setting->table)) {
            if (!rule(arena, toml, setting, schema, out, err))
                return false;
        } else if (strcmp(setting->table, "rehearse") == 0 || strncmp(setting->table, "rehearse.", 9) == 0) {
            error_set(err, ERROR_USAGE, "[%s] has no setting %s", setting->table, setting->key);
            error_hint(err, "rules for personal data stand in [rehearse.scrub]");
            return error_where(err, "%s:%d", toml->path, setting->line);
        }
    }
    return true;
}
