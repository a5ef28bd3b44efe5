#include "cli/gateway_settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compare.h"
#include "cli/files.h"
#include "cli/gateway_file.h"
#include "cli/report.h"

enum { WORKERS_MAX = 256, CLIENTS_MAX = 1000000, MESSAGE_MIN = 64, RETRIES_MAX = 100, SHADOW_MAX = 1048576 };

static const double DAY = 86400, YEAR = 3.2e7;

/* Every setting: the option and the key that say it, what it is, and where it stands. */
struct setting {
    const char *name;
    enum setting_kind kind;
    size_t at; /* in struct gateway_settings */
    double min, max;
    bool reloads; /* it may change while the gateway runs */
};

#define AT(member) offsetof(struct gateway_settings, member)

static const struct setting settings[] = {
    {"listen", SETTING_PLACES, AT(listen), 0, 0, false},
    {"url", SETTING_URL, AT(url), 0, 0, false},
    {"schema", SETTING_TEXT, AT(schema), 0, 0, false},
    {"breaker-errors", SETTING_NUMBER, AT(breaker_errors), 0, 100, true},
    {"breaker-p95", SETTING_NUMBER, AT(breaker_p95), 0, 1e6, true},
    {"breaker-p99", SETTING_NUMBER, AT(breaker_p99), 0, 1e6, true},
    {"breaker-lag", SETTING_LAG, AT(breaker_lag), 0, DAY, true},
    {"breaker-probe", SETTING_SECONDS, AT(probe_seconds), 0, DAY, true},
    {"breaker-differences", SETTING_NUMBER, AT(breaker_differences), 0, 100, true},
    {"compare", SETTING_NUMBER, AT(compare), 0, 100, false},
    {"compare-role", SETTING_TEXT, AT(compare_role), 0, 0, false},
    {"compare-share", SETTING_NUMBER, AT(compare_share), 0.01, 100, false},
    {"compare-values", SETTING_SWITCH, AT(compare_values), 0, 0, false},
    {"compare-ignore", SETTING_TEXT, AT(compare_ignore), 0, 0, false},
    {"keep-statements", SETTING_SWITCH, AT(keep_statements), 0, 0, false},
    {"retries", SETTING_WHOLE, AT(retries), 0, RETRIES_MAX, true},
    {"sticky", SETTING_SWITCH, AT(sticky), 0, 0, true},
    {"workers", SETTING_WHOLE, AT(workers), 1, WORKERS_MAX, false},
    {"max-clients", SETTING_WHOLE, AT(clients_max), 1, CLIENTS_MAX, true},
    {"startup-timeout", SETTING_SECONDS, AT(startup_seconds), 0.001, 3600, true},
    {"idle-timeout", SETTING_SECONDS, AT(idle_seconds), 0, YEAR, true},
    {"max-message", SETTING_WHOLE, AT(message_max), MESSAGE_MIN, INT32_MAX, true},
    {"drain", SETTING_SECONDS, AT(drain_seconds), 0, DAY, true},
    {"hand-over", SETTING_TEXT, AT(hand_over), 0, 0, false},
    {"console", SETTING_TEXT, AT(console), 0, 0, false},
    {"metrics", SETTING_TEXT, AT(metrics), 0, 0, false},
    {"shadow", SETTING_URL, AT(shadow.url), 0, 0, false},
    {"shadow-queue", SETTING_TEXT, AT(shadow.folder), 0, 0, false},
    {"shadow-max", SETTING_WHOLE, AT(shadow.megabytes), 1, SHADOW_MAX, false},
    {"shadow-sync", SETTING_SWITCH, AT(shadow.durable), 0, 0, false},
    {"log-level", SETTING_TEXT, AT(log_level), 0, 0, true},
    {"json", SETTING_SWITCH, AT(events.json), 0, 0, false},
    {"tls-cert", SETTING_TEXT, AT(tls.certificate), 0, 0, true},
    {"tls-key", SETTING_TEXT, AT(tls.key), 0, 0, true},
    {"tls-required", SETTING_SWITCH, AT(tls.required), 0, 0, true},
};

/* What is read anew, and what was read last. */
struct source {
    struct invocation call;
    const char *content; /* of the file, at the last change; NULL: it was read at the beginning */
};

static bool find(const char *name, enum setting_kind *kind)
{
    for (size_t i = 0; i < SEGUE_COUNT(settings); i++)
        if (strcmp(settings[i].name, name) == 0) {
            *kind = settings[i].kind;
            return true;
        }
    return false;
}

static const void *field(const struct gateway_settings *of, const struct setting *setting)
{
    return (const char *)of + setting->at;
}

static void *slot(struct gateway_settings *of, const struct setting *setting)
{
    return (char *)of + setting->at;
}

static const struct {
    const char *name;
    double bytes;
} units[] = {{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}};

/* A number of bytes has one of these units; what has none, or one of time, is a duration. */
static bool take_lag(const struct invocation *call, const struct setting *setting, struct gateway_lag *to,
                     struct error *err)
{
    const char *text = given_value(call, setting->name);
    double ms = 0;
    *to = (struct gateway_lag){0};
    for (size_t i = 0; text && i < SEGUE_COUNT(units); i++) {
        char *end;
        size_t digits = strspn(text, "0123456789.");
        double number = strtod(text, &end);
        if (digits == 0 || end != text + digits || strcmp(end, units[i].name) != 0)
            continue;
        to->bytes = number * units[i].bytes;
        return true;
    }
    if (!given_duration_ms(call, setting->name, setting->min * 1000, setting->max * 1000, &ms, err))
        return error_hint(err, "or an amount of the server's log such as 64MB: with kB, MB or GB");
    to->seconds = ms / 1000;
    return true;
}

/* One that is neither given nor has a fallback stays as it is. */
static bool take(const struct invocation *call, const struct setting *setting, struct gateway_settings *out,
                 struct error *err)
{
    void *to = slot(out, setting);
    long whole = 0;
    double number = 0;
    switch (setting->kind) {
    case SETTING_TEXT:
    case SETTING_URL: *(const char **)to = given_value(call, setting->name); return true;
    case SETTING_PLACES: out->listen = given_values(call, setting->name, &out->n_listen); return true;
    case SETTING_SWITCH: *(bool *)to = given(call, setting->name); return true;
    case SETTING_WHOLE:
        whole = (long)*(const unsigned *)to;
        if (!given_long(call, setting->name, (long)setting->min, (long)setting->max, &whole, err))
            return false;
        *(unsigned *)to = (unsigned)whole;
        return true;
    case SETTING_NUMBER:
        return given_double(call, setting->name, setting->min, setting->max, (double *)to, err);
    case SETTING_SECONDS:
        if (!given_duration_ms(call, setting->name, setting->min * 1000, setting->max * 1000, &number, err))
            return false;
        *(double *)to = number / 1000;
        return true;
    case SETTING_LAG: return take_lag(call, setting, to, err);
    }
    return false;
}

/* An error in what the file says is at its place there. */
static bool at_its_place(const struct invocation *call, const char *name, struct error *err)
{
    for (size_t i = call->n_given; i-- > 0;)
        if (call->given[i].where && strcmp(call->given[i].option->name, name) == 0)
            return error_where(err, "%s", call->given[i].where);
    return false;
}

static bool fits_together(const struct gateway_settings *read, struct error *err)
{
    if (read->n_listen == 0) {
        error_set(err, ERROR_USAGE, "gateway needs --listen HOST:PORT: where clients connect");
        return error_hint(err, "see: segue gateway --help");
    }
    if (!read->tls.certificate != !read->tls.key || (read->tls.required && !read->tls.certificate)) {
        error_set(err, ERROR_USAGE, "TLS towards clients needs both --tls-cert and --tls-key");
        return error_hint(err, "see: segue gateway --help");
    }
    if (!read->shadow.url != !read->shadow.folder) {
        error_set(err, ERROR_USAGE, "shadow writes need both --shadow URL and --shadow-queue DIR");
        return error_hint(err, "see: segue gateway --help");
    }
    return true;
}

static enum event_level level_of(const char *word)
{
    static const char *const words[] = {"error", "warning", "info", "debug"};
    size_t level = 0;
    while (level + 1 < SEGUE_COUNT(words) && strcmp(words[level], word) != 0)
        level++;
    return (enum event_level)level;
}

/* The call itself stays as the command line made it. */
static bool fill(const struct invocation *call, struct gateway_settings *out, struct error *err)
{
    struct invocation merged = *call;
    const char *file = given_value(call, "config");
    out->workers = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    out->message_max = INT32_MAX;
    out->rules = NULL;
    if (file && !gateway_file_read(&merged, file, find, &out->rules, err))
        return false;
    for (size_t i = 0; i < SEGUE_COUNT(settings); i++)
        if (!take(&merged, &settings[i], out, err))
            return at_its_place(&merged, settings[i].name, err);
    if (call->url) /* which the environment may have said */
        out->url = call->url;
    out->events.level = level_of(out->log_level);
    return fits_together(out, err);
}

/* --- Reading anew --- */

static bool same_places(const struct gateway_settings *a, const struct gateway_settings *b)
{
    bool same = a->n_listen == b->n_listen;
    for (size_t i = 0; same && i < a->n_listen; i++)
        same = strcmp(a->listen[i], b->listen[i]) == 0;
    return same;
}

static size_t size_of(enum setting_kind kind)
{
    switch (kind) {
    case SETTING_SWITCH: return sizeof(bool);
    case SETTING_WHOLE: return sizeof(unsigned);
    case SETTING_NUMBER:
    case SETTING_SECONDS: return sizeof(double);
    case SETTING_LAG: return sizeof(struct gateway_lag);
    case SETTING_TEXT:
    case SETTING_URL:
    case SETTING_PLACES: break;
    }
    return sizeof(const char *);
}

static bool is_same(const struct setting *setting, const struct gateway_settings *a,
                    const struct gateway_settings *b)
{
    const void *of_a = field(a, setting), *of_b = field(b, setting);
    if (setting->kind == SETTING_TEXT || setting->kind == SETTING_URL)
        return same_text(*(const char *const *)of_a, *(const char *const *)of_b);
    if (setting->kind == SETTING_PLACES)
        return same_places(a, b);
    return memcmp(of_a, of_b, size_of(setting->kind)) == 0;
}

static void keep(const struct setting *setting, const struct gateway_settings *old,
                 struct gateway_settings *fresh, struct text *fixed)
{
    if (is_same(setting, old, fresh))
        return;
    text_printf(fixed, "%s%s", fixed->length ? " " : "", setting->name);
    memcpy(slot(fresh, setting), field(old, setting), size_of(setting->kind));
    if (setting->kind == SETTING_PLACES)
        fresh->n_listen = old->n_listen;
}

/* What was read is kept as long as the gateway runs, since any thread may still look at it: a few kB for each change of the file. */
static bool reread(const struct gateway_settings *now, const struct gateway_settings **out,
                   struct text *fixed, struct error *err)
{
    struct source *source = now->source;
    struct arena *arena = source->call.arena;
    struct gateway_settings *fresh = arena_alloc(arena, sizeof *fresh);
    SEGUE_CLEANUP(text_free) struct text content = {0};
    *out = now;
    *fresh = *now;
    if (!read_file(given_value(&source->call, "config"), &content, err))
        return false;
    if (same_text(source->content, text_string(&content)))
        return true;
    if (!fill(&source->call, fresh, err))
        return false;
    for (size_t i = 0; i < SEGUE_COUNT(settings); i++)
        if (!settings[i].reloads)
            keep(&settings[i], now, fresh, fixed);
    if (!fresh->tls.certificate != !now->tls.certificate) { /* what is there from the start can be renewed */
        text_printf(fixed, "%stls-cert", fixed->length ? " " : "");
        fresh->tls = now->tls;
    }
    source->content = arena_strdup(arena, text_string(&content));
    *out = fresh;
    return true;
}

/* --- Telling --- */

static void print(const struct gateway_settings *of, const struct setting *setting, struct text *out)
{
    const void *from = field(of, setting);
    const struct gateway_lag *lag = from;
    const char *text =
        setting->kind == SETTING_TEXT || setting->kind == SETTING_URL ? *(const char *const *)from : NULL;
    switch (setting->kind) {
    case SETTING_TEXT:
        if (text)
            text_append(out, text);
        return;
    case SETTING_URL:
        if (text)
            text_append(out, report_has_password(text) ? "(with a password)" : text);
        return;
    case SETTING_PLACES:
        for (size_t i = 0; i < of->n_listen; i++)
            text_printf(out, "%s%s", i ? " " : "", of->listen[i]);
        return;
    case SETTING_SWITCH: text_append(out, *(const bool *)from ? "true" : "false"); return;
    case SETTING_WHOLE: text_printf(out, "%u", *(const unsigned *)from); return;
    case SETTING_NUMBER: text_printf(out, "%g", *(const double *)from); return;
    case SETTING_SECONDS: text_printf(out, "%gs", *(const double *)from); return;
    case SETTING_LAG:
        if (lag->bytes > 0)
            text_printf(out, "%gMB", lag->bytes / 1e6);
        else
            text_printf(out, "%gs", lag->seconds);
        return;
    }
}

static void tell(const struct gateway_settings *of,
                 void (*each)(void *context, const char *name, const char *value, bool reloads),
                 void *context)
{
    const struct source *source = of->source;
    each(context, "config", given_value(&source->call, "config"), false);
    for (size_t i = 0; i < SEGUE_COUNT(settings); i++) {
        const struct setting *setting = &settings[i];
        SEGUE_CLEANUP(text_free) struct text value = {0};
        if (strcmp(setting->name, "url") == 0) /* which may stand in many places */
            text_printf(&value, "%s, database %s", of->server.name, of->server.database);
        else
            print(of, setting, &value);
        each(context, setting->name, value.length ? text_string(&value) : NULL, setting->reloads);
    }
}

bool gateway_settings_read(struct invocation *call, struct gateway_settings *out, struct error *err)
{
    struct source *source = arena_alloc(call->arena, sizeof *source);
    source->call = *call;
    *out = (struct gateway_settings){.source = source, .tell = tell};
    if (!fill(&source->call, out, err))
        return false;
    if (given(call, "config"))
        out->reread = reread;
    return true;
}
