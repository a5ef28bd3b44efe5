#include "gateway/rules.h"

#include <arpa/inet.h>
#include <fnmatch.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"

/* A network of addresses, or the unix sockets of this machine. */
struct network {
    const char *word; /* as it was written */
    int family;
    unsigned bits;
    unsigned char bytes[sizeof(struct in6_addr)];
};

struct patterns {
    const char **items;
    size_t n; /* 0: whatever it is */
};

struct rule {
    const char *place;
    struct patterns user, database, application;
    struct network *networks;
    size_t n_networks;
    const char *version;  /* as it was written; NULL: not said */
    const char *complete; /* the same behind the schema's name */
    double share;         /* of its sessions, from 0 to 1; below 0: not said */
    bool sticky;
    atomic_bool missed; /* that its version is not live was told */
};

struct rules {
    struct rule *items;
    size_t n;
};

static const char CURRENT[] = "current", NEW[] = "new", LOCAL[] = "local";

/* --- Reading --- */

struct reading {
    struct arena *arena;
    const struct toml *toml;
    const struct toml_setting *setting;
    const char *schema;
    struct rule *rule;
    struct error *err;
};

static bool at(const struct reading *r, int line)
{
    return error_where(r->err, "%s:%d", r->toml->path, line);
}

static bool wants(const struct reading *r, bool good, const char *what)
{
    if (good)
        return true;
    error_set(r->err, ERROR_USAGE, "%s of a rule is %s, not %s", r->setting->key, what,
              toml_kind_name(r->setting->value.kind));
    return at(r, r->setting->line);
}

/* One string, or a list of them. */
static bool strings(const struct reading *r, const char ***out, size_t *n)
{
    static const char what[] = "a string or a list of strings";
    const struct toml_value *value = &r->setting->value;
    size_t n_items = value->kind == TOML_LIST ? value->n_items : 1;
    const struct toml_value *items = value->kind == TOML_LIST ? value->items : value;
    for (size_t i = 0; i < n_items; i++) {
        if (!wants(r, items[i].kind == TOML_STRING, what))
            return false;
        ARENA_PUSH(r->arena, *out, *n, items[i].string);
    }
    return wants(r, n_items > 0, "a string, or a list with something in it");
}

static bool network(const struct reading *r, const char *word, struct network *out)
{
    char address[64];
    const char *slash = strchr(word, '/');
    int length = slash ? (int)(slash - word) : (int)strlen(word);
    *out = (struct network){.word = word, .family = AF_UNIX};
    if (strcmp(word, LOCAL) == 0)
        return true;
    (void)snprintf(address, sizeof address, "%.*s", length, word);
    out->family = strchr(address, ':') ? AF_INET6 : AF_INET;
    unsigned most = out->family == AF_INET6 ? 128 : 32;
    char *end = NULL;
    unsigned long bits = slash ? strtoul(slash + 1, &end, 10) : most;
    bool good = length < (int)sizeof address && inet_pton(out->family, address, out->bytes) == 1 &&
                (!slash || (slash[1] >= '0' && slash[1] <= '9' && *end == '\0' && bits <= most));
    out->bits = (unsigned)bits;
    if (good)
        return true;
    error_set(r->err, ERROR_USAGE, "\"%s\" is no address", word);
    error_hint(r->err,
               "give an address or a network (10.1.2.3, 10.0.0.0/8, fd00::/8), or local for unix sockets");
    return at(r, r->setting->line);
}

static bool networks(const struct reading *r)
{
    const char **words = NULL;
    size_t n = 0;
    if (!strings(r, &words, &n))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct network one;
        if (!network(r, words[i], &one))
            return false;
        ARENA_PUSH(r->arena, r->rule->networks, r->rule->n_networks, one);
    }
    return true;
}

static bool version(const struct reading *r)
{
    const struct toml_value *value = &r->setting->value;
    if (!wants(r, value->kind == TOML_STRING, "a string"))
        return false;
    r->rule->version = value->string;
    r->rule->complete = arena_printf(r->arena, "%s_%s", r->schema, value->string);
    return true;
}

static bool share(const struct reading *r)
{
    const struct toml_value *value = &r->setting->value;
    if (!wants(r, value->kind == TOML_NUMBER || value->kind == TOML_FRACTION, "a number"))
        return false;
    r->rule->share = value->fraction / 100;
    if (value->fraction >= 0 && value->fraction <= 100)
        return true;
    error_set(r->err, ERROR_USAGE, "share of a rule is percent of its sessions, from 0 to 100");
    return at(r, r->setting->line);
}

static bool take(const struct reading *r)
{
    struct rule *rule = r->rule;
    const char *key = r->setting->key;
    if (strcmp(key, "user") == 0)
        return strings(r, &rule->user.items, &rule->user.n);
    if (strcmp(key, "database") == 0)
        return strings(r, &rule->database.items, &rule->database.n);
    if (strcmp(key, "application") == 0)
        return strings(r, &rule->application.items, &rule->application.n);
    if (strcmp(key, "address") == 0)
        return networks(r);
    if (strcmp(key, "version") == 0)
        return version(r);
    if (strcmp(key, "share") == 0)
        return share(r);
    if (strcmp(key, "sticky") == 0) {
        rule->sticky = r->setting->value.boolean;
        return wants(r, r->setting->value.kind == TOML_BOOLEAN, "true or false");
    }
    error_set(r->err, ERROR_USAGE, "a rule has no setting %s", key);
    error_hint(r->err, "it has user, database, application and address; version, share and sticky");
    return at(r, r->setting->line);
}

static bool is_complete(const struct reading *r, int line)
{
    const struct rule *rule = r->rule;
    if (!rule_decides(rule) && !rule->sticky) {
        error_set(r->err, ERROR_USAGE, "the rule does not say where its sessions are to be");
        error_hint(r->err, "give version = \"%s\", \"%s\" or a name; share = PERCENT; or sticky = true",
                   CURRENT, NEW);
        return at(r, line);
    }
    if (rule->share >= 0 && rule->version && strcmp(rule->version, CURRENT) == 0) {
        error_set(r->err, ERROR_USAGE, "the rest of a share is on the current version already");
        error_hint(r->err, "leave out share, or name another version");
        return at(r, line);
    }
    return true;
}

static bool read_one(struct reading *r, size_t entry)
{
    const int line = r->toml->entries[entry].line;
    r->rule->place = arena_printf(r->arena, "%s:%d", r->toml->path, line);
    r->rule->share = -1;
    for (size_t i = 0; i < r->toml->n; i++) {
        r->setting = &r->toml->settings[i];
        if (r->setting->entry == entry + 1 && strcmp(r->setting->table, RULES_TABLE) == 0 && !take(r))
            return false;
    }
    return is_complete(r, line);
}

/* [rule] with one pair of brackets, which would be taken for nothing. */
static bool no_lone_rule(const struct reading *r)
{
    for (size_t i = 0; i < r->toml->n; i++) {
        const struct toml_setting *setting = &r->toml->settings[i];
        if (setting->entry || strcmp(setting->table, RULES_TABLE) != 0)
            continue;
        error_set(r->err, ERROR_USAGE, "rules are a list: write [[rule]] above each");
        return at(r, setting->line);
    }
    return true;
}

bool rules_read(struct arena *arena, const struct toml *toml, const char *schema, struct rules **out,
                struct error *err)
{
    struct reading r = {.arena = arena, .toml = toml, .schema = schema, .err = err};
    *out = NULL;
    if (!no_lone_rule(&r))
        return false;
    struct rules *rules = arena_alloc(arena, sizeof *rules);
    rules->items = arena_alloc(arena, (toml->n_entries + 1) * sizeof *rules->items);
    for (size_t i = 0; i < toml->n_entries; i++) {
        if (strcmp(toml->entries[i].table, RULES_TABLE) != 0)
            continue;
        r.rule = &rules->items[rules->n++];
        if (!read_one(&r, i))
            return false;
    }
    if (rules->n > 0)
        *out = rules;
    return true;
}

/* --- Following --- */

static bool fits(const struct patterns *patterns, const char *value)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (fnmatch(patterns->items[i], value ? value : "", 0) == 0)
            return true;
    return patterns->n == 0;
}

static bool is_inside(const struct network *network, const struct sockaddr *address)
{
    const unsigned char *bytes = NULL;
    if (!address || address->sa_family != network->family)
        return false;
    if (network->family == AF_INET)
        bytes = (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (network->family == AF_INET6)
        bytes = (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    unsigned whole = network->bits / 8, rest = network->bits % 8;
    if (!bytes || memcmp(bytes, network->bytes, whole) != 0)
        return !bytes;
    return rest == 0 || (bytes[whole] ^ network->bytes[whole]) >> (8 - rest) == 0;
}

static bool comes_from(const struct rule *rule, const struct sockaddr *address)
{
    for (size_t i = 0; i < rule->n_networks; i++)
        if (is_inside(&rule->networks[i], address))
            return true;
    return rule->n_networks == 0;
}

struct rule *rules_find(const struct rules *rules, const struct visitor *visitor)
{
    struct rule *rule;
    for (size_t i = 0; (rule = rules_at(rules, i)); i++)
        if (fits(&rule->user, visitor->user) && fits(&rule->database, visitor->database) &&
            fits(&rule->application, visitor->application) && comes_from(rule, visitor->address))
            return rule;
    return NULL;
}

struct rule *rules_at(const struct rules *rules, size_t i)
{
    return rules && i < rules->n ? &rules->items[i] : NULL;
}

/* The version that it names, as it is now; NULL: it is not live. */
static struct version *named(const struct rule *rule, const struct routes *routes)
{
    struct version *found = routes_at(routes, 0), *newest = NULL;
    if (rule->version && strcmp(rule->version, CURRENT) == 0)
        return found;
    bool any = !rule->version || strcmp(rule->version, NEW) == 0;
    for (size_t i = any; (found = routes_at(routes, i)); i++) {
        if (!any && (strcmp(found->name, rule->version) == 0 || strcmp(found->name, rule->complete) == 0))
            return found;
        newest = found;
    }
    return any ? newest : NULL;
}

bool rule_decides(const struct rule *rule)
{
    return rule->version || rule->share >= 0;
}

struct version *rule_choose(const struct rule *rule, const struct routes *routes, double place,
                            uint64_t tripped)
{
    if (!rule_decides(rule))
        return NULL;
    struct version *version = named(rule, routes);
    if (!version || tripped >> version->id & 1)
        return NULL;
    return rule->share < 0 || place < rule->share ? version : routes_at(routes, 0);
}

bool rule_misses(struct rule *rule, const struct routes *routes)
{
    bool by_name = rule->version && strcmp(rule->version, CURRENT) != 0 && strcmp(rule->version, NEW) != 0;
    return by_name && !named(rule, routes) && !atomic_exchange(&rule->missed, true);
}

bool rule_is_sticky(const struct rule *rule)
{
    return rule->sticky;
}

/* --- Telling --- */

const char *rule_place(const struct rule *rule)
{
    return rule->place;
}

static void tell(const char *name, const char *const *words, size_t n, struct text *out)
{
    for (size_t i = 0; i < n; i++)
        text_printf(out, "%s%s%s", i ? " or " : (out->length ? ", " : ""), i ? "" : name, words[i]);
}

void rule_tell_whom(const struct rule *rule, struct text *out)
{
    tell("user ", rule->user.items, rule->user.n, out);
    tell("database ", rule->database.items, rule->database.n, out);
    tell("application ", rule->application.items, rule->application.n, out);
    for (size_t i = 0; i < rule->n_networks; i++)
        text_printf(out, "%s%s", i ? " or " : (out->length ? ", address " : "address "),
                    rule->networks[i].word);
    if (out->length == 0)
        text_append(out, "everybody");
}

void rule_tell_where(const struct rule *rule, struct text *out)
{
    if (rule->share >= 0)
        text_printf(out, "%g %% on ", rule->share * 100);
    if (rule->version || rule->share >= 0)
        text_append(out, rule->version ? rule->version : NEW);
    if (rule->sticky)
        text_append(out, out->length ? ", sticky" : "sticky");
}
