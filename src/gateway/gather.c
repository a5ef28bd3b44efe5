#include "gateway/gather.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/memory.h"

static const char *const reported_names[REPORTED] = {"client_encoding", "DateStyle", "IntervalStyle",
                                                     "TimeZone", "standard_conforming_strings"};

/* --- The session --- */

void gather_begin(struct gather *gather, struct shadow *shadow, const char *user)
{
    *gather = (struct gather){.shadow = shadow, .user = strdup(user), .stale = true};
}

void gather_given(struct gather *gather, const char *name, const char *value)
{
    gather->given = memory_resize(gather->given, (gather->n_given + 1) * sizeof *gather->given);
    gather->given[gather->n_given++] = (struct shadow_setting){strdup(name), strdup(value)};
}

void gather_path(struct gather *gather, const char *path)
{
    free(gather->path);
    gather->path = path ? strdup(path) : NULL;
    gather->stale = true;
}

void gather_reported(struct gather *gather, const char *name, const char *value)
{
    for (size_t i = 0; i < REPORTED; i++)
        if (strcmp(reported_names[i], name) == 0) {
            free(gather->reported[i]);
            gather->reported[i] = strdup(value);
            gather->stale = true;
        }
}

static void free_text(struct named_text *text)
{
    free(text->name);
    text_free(&text->text);
}

static void remove_text(struct named_text *texts, size_t *n, size_t i)
{
    free_text(&texts[i]);
    memmove(&texts[i], &texts[i + 1], (--*n - i) * sizeof *texts);
}

static void clear_texts(struct named_text *texts, size_t *n)
{
    while (*n > 0)
        free_text(&texts[--*n]);
}

static void cut(struct gather *gather, size_t n)
{
    while (gather->n_items > n)
        free(gather->items[--gather->n_items].name);
    gather->body.length = n > 0 ? gather->items[n - 1].begin + gather->items[n - 1].n : 0;
}

static void cut_marks(struct gather *gather, size_t n)
{
    while (gather->n_marks > n)
        free(gather->marks[--gather->n_marks].name);
}

static void void_number(struct gather *gather)
{
    if (gather->numbered)
        queue_void(shadow_queue(gather->shadow), &gather->ticket);
    gather->numbered = false;
}

void gather_free(struct gather *gather)
{
    void_number(gather);
    cut(gather, 0);
    cut_marks(gather, 0);
    clear_texts(gather->prepared, &gather->n_prepared);
    clear_texts(gather->settings, &gather->n_settings);
    for (size_t i = 0; i < REPORTED; i++)
        free(gather->reported[i]);
    for (size_t i = 0; i < gather->n_given; i++) {
        free((char *)gather->given[i].name);
        free((char *)gather->given[i].value);
    }
    free(gather->given);
    free(gather->prepared);
    free(gather->settings);
    free(gather->items);
    free(gather->marks);
    free(gather->user);
    free(gather->path);
    text_free(&gather->body);
    text_free(&gather->context);
}

/* --- The context --- */

static void put_setting(struct text *out, const char *name, const char *value)
{
    shadow_put_string(out, name);
    shadow_put_string(out, value);
}

/* What the session has set, as of the beginning of a transaction. */
static void make_context(struct gather *gather)
{
    struct text *out = &gather->context;
    size_t n = gather->n_given + (gather->path != NULL);
    for (size_t i = 0; i < REPORTED; i++)
        n += gather->reported[i] != NULL;
    text_clear(out);
    shadow_put_string(out, gather->user);
    shadow_put_number(out, (uint32_t)n);
    for (size_t i = 0; i < gather->n_given; i++)
        put_setting(out, gather->given[i].name, gather->given[i].value);
    if (gather->path)
        put_setting(out, "search_path", gather->path);
    for (size_t i = 0; i < REPORTED; i++)
        if (gather->reported[i])
            put_setting(out, reported_names[i], gather->reported[i]);
    shadow_put_number(out, (uint32_t)gather->n_settings);
    for (size_t i = 0; i < gather->n_settings; i++)
        text_append_n(out, gather->settings[i].text.data, gather->settings[i].text.length);
    gather->context_id = hash_bytes(HASH_BEGUN, out->data, out->length);
    if (gather->context_id == 0)
        gather->context_id = 1;
    gather->stale = false;
}

static void clear_settings(struct gather *gather, const char *name)
{
    for (size_t i = gather->n_settings; i-- > 0;) {
        const char *set = gather->settings[i].name;
        bool other = name ? !set || strcasecmp(set, name) != 0
                          : set && (strcasecmp(set, "role") == 0 ||
                                    strcasecmp(set, "session_authorization") == 0); /* RESET ALL */
        if (!other)
            remove_text(gather->settings, &gather->n_settings, i);
    }
}

/* What a committed transaction has set holds from now on. */
static void take_setting(struct gather *gather, const struct gathered *item)
{
    gather->stale = true;
    if (item->name || item->clears)
        clear_settings(gather, item->name);
    if (item->clears)
        return;
    gather->settings = memory_resize(gather->settings, (gather->n_settings + 1) * sizeof *gather->settings);
    struct named_text *made = &gather->settings[gather->n_settings++];
    *made = (struct named_text){.name = item->name ? strdup(item->name) : NULL};
    text_append_n(&made->text, gather->body.data + item->begin, item->n);
    /* A session that sets without end, by set_config for instance, sets the same over and over: the oldest go. */
    size_t bytes = 0;
    for (size_t i = gather->n_settings; i-- > 0;) {
        bytes += gather->settings[i].text.length;
        if (bytes > GATHER_SETTINGS_MAX)
            remove_text(gather->settings, &gather->n_settings, i);
    }
}

/* --- The transaction --- */

void gather_lose(struct gather *gather, enum shadow_loss why)
{
    if (!gather->lost)
        gather->why = why;
    gather->lost = gather->writes = true;
    cut(gather, 0);
}

void gather_add(struct gather *gather, const struct shadow_statement *statement, unsigned does,
                const char *name, bool clears)
{
    if (gather->n_items == 0 && gather->stale)
        make_context(gather);
    if (gather->lost && !(does & SHADOW_SETS))
        return;
    if (gather->n_items == gather->items_size) {
        gather->items_size = gather->items_size ? gather->items_size * 2 : 8;
        gather->items = memory_resize(gather->items, gather->items_size * sizeof *gather->items);
    }
    struct gathered *item = &gather->items[gather->n_items++];
    *item = (struct gathered){
        .begin = gather->body.length, .does = does, .name = name ? strdup(name) : NULL, .clears = clears};
    shadow_put_statement(&gather->body, statement);
    item->n = gather->body.length - item->begin;
    gather->writes = gather->writes || does & SHADOW_WRITES;
    if (gather->body.length > GATHER_MAX)
        gather_lose(gather, LOSS_LARGE);
}

void gather_savepoint(struct gather *gather, const char *name)
{
    gather->marks = memory_resize(gather->marks, (gather->n_marks + 1) * sizeof *gather->marks);
    gather->marks[gather->n_marks++] = (struct mark){strdup(name), gather->n_items};
}

/* The newest of that name; n_marks: there is none. */
static size_t find_mark(const struct gather *gather, const char *name)
{
    for (size_t i = gather->n_marks; i-- > 0;)
        if (strcmp(gather->marks[i].name, name) == 0)
            return i;
    return gather->n_marks;
}

void gather_release(struct gather *gather, const char *name)
{
    cut_marks(gather, find_mark(gather, name));
}

void gather_rollback_to(struct gather *gather, const char *name)
{
    size_t at = find_mark(gather, name);
    if (at == gather->n_marks)
        return;
    cut_marks(gather, at + 1);
    if (gather->marks[at].n <= gather->n_items)
        cut(gather, gather->marks[at].n);
}

/* --- Prepared by SQL --- */

static struct named_text *find_prepared(struct gather *gather, const char *name)
{
    for (size_t i = 0; i < gather->n_prepared; i++)
        if (strcmp(gather->prepared[i].name, name) == 0)
            return &gather->prepared[i];
    return NULL;
}

void gather_deallocate(struct gather *gather, const char *name)
{
    if (!name) {
        clear_texts(gather->prepared, &gather->n_prepared);
        return;
    }
    const struct named_text *found = find_prepared(gather, name);
    if (found)
        remove_text(gather->prepared, &gather->n_prepared, (size_t)(found - gather->prepared));
}

void gather_prepare(struct gather *gather, const char *name, const char *text, unsigned does)
{
    gather_deallocate(gather, name);
    gather->prepared = memory_resize(gather->prepared, (gather->n_prepared + 1) * sizeof *gather->prepared);
    struct named_text *made = &gather->prepared[gather->n_prepared++];
    *made = (struct named_text){.name = strdup(name), .does = does};
    text_append(&made->text, text);
}

/* By a statement that the transaction has, so that it will be in the target as well. */
static bool is_prepared_there(const struct gather *gather, const char *name)
{
    for (size_t i = 0; i < gather->n_items; i++)
        if (gather->items[i].does == SHADOW_SUPPORTS && gather->items[i].name &&
            strcmp(gather->items[i].name, name) == 0)
            return true;
    return false;
}

void gather_execute(struct gather *gather, const char *name, const char *text, const char *tag)
{
    struct named_text *found = find_prepared(gather, name);
    if (!found) {
        gather_lose(gather, LOSS_UNSEEN);
        return;
    }
    if (!found->does)
        return;
    if (!is_prepared_there(gather, name))
        gather_add(
            gather,
            &(const struct shadow_statement){.text = text_string(&found->text), .tag = "", .soils = true},
            SHADOW_SUPPORTS, name, false);
    gather_add(gather, &(const struct shadow_statement){.text = text, .tag = tag}, found->does, NULL, false);
}

void gather_discard(struct gather *gather)
{
    clear_texts(gather->prepared, &gather->n_prepared);
    clear_texts(gather->settings, &gather->n_settings);
    gather->stale = true;
}

/* --- Its end --- */

static void forget(struct gather *gather)
{
    cut(gather, 0);
    cut_marks(gather, 0);
    gather->writes = gather->lost = false;
    if (gather->body.capacity > 65536)
        text_free(&gather->body);
}

void gather_number(struct gather *gather)
{
    if (gather->numbered || !gather->writes || gather->lost)
        return;
    queue_take(shadow_queue(gather->shadow), &gather->ticket);
    gather->numbered = true;
}

/* Cursors matter only to what is written where they stand. */
static void put_items(const struct gather *gather, struct text *out)
{
    unsigned all = 0;
    uint32_t n = 0;
    for (size_t i = 0; i < gather->n_items; i++)
        all |= gather->items[i].does;
    unsigned left_out = all & SHADOW_AT_CURSOR ? 0 : SHADOW_CURSOR;
    for (size_t i = 0; i < gather->n_items; i++)
        n += !(gather->items[i].does & left_out);
    shadow_put_number(out, gather->pid);
    shadow_put_number(out, n);
    for (size_t i = 0; i < gather->n_items; i++)
        if (!(gather->items[i].does & left_out))
            text_append_n(out, gather->body.data + gather->items[i].begin, gather->items[i].n);
}

static void append(struct gather *gather)
{
    SEGUE_CLEANUP(text_free) struct text record = {0};
    put_items(gather, &record);
    enum queue_result result =
        queue_append(shadow_queue(gather->shadow), gather->numbered ? &gather->ticket : NULL,
                     gather->context_id, (struct queue_block){gather->context.data, gather->context.length},
                     (struct queue_block){record.data, record.length});
    gather->numbered = false;
    if (result == QUEUE_KEPT)
        shadow_wake(gather->shadow);
    else
        shadow_lost(gather->shadow, result == QUEUE_FULL ? LOSS_FULL : LOSS_DISK);
}

static bool has_writes(const struct gather *gather)
{
    for (size_t i = 0; i < gather->n_items; i++)
        if (gather->items[i].does & SHADOW_WRITES)
            return true;
    return false;
}

void gather_commit(struct gather *gather)
{
    if (gather->lost)
        shadow_lost(gather->shadow, gather->why);
    else if (has_writes(gather))
        append(gather);
    void_number(gather);
    for (size_t i = 0; i < gather->n_items; i++)
        if (gather->items[i].does & SHADOW_SETS)
            take_setting(gather, &gather->items[i]);
    forget(gather);
}

void gather_rollback(struct gather *gather)
{
    void_number(gather);
    forget(gather);
}
