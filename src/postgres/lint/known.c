#include "postgres/lint/known.h"

#include <stdint.h>
#include <string.h>

#include "base/compare.h"
#include "base/hash.h"
#include "postgres/lint/known_internal.h"
#include "postgres/lint/lex.h"

/* Keys are "name" or "schema.name". */
static uint64_t hash_of(const char *schema, const char *name)
{
    uint64_t hash = HASH_BEGUN;
    if (schema)
        hash = hash_bytes(hash_bytes(hash, schema, strlen(schema)), ".", 1);
    return hash_bytes(hash, name, strlen(name));
}

static bool is_key(const char *key, const char *schema, const char *name)
{
    if (schema) {
        size_t length = strlen(schema);
        if (strncmp(key, schema, length) != 0 || key[length] != '.')
            return false;
        key += length + 1;
    }
    return strcmp(key, name) == 0;
}

static struct known_entry *slot(const struct known_map *map, const char *schema, const char *name)
{
    size_t i = hash_of(schema, name) & (map->room - 1);
    while (map->entries[i].key && !is_key(map->entries[i].key, schema, name))
        i = (i + 1) & (map->room - 1);
    return &map->entries[i];
}

void *known_map_find(const struct known_map *map, const char *schema, const char *name)
{
    return map->room && name ? slot(map, schema, name)->value : NULL;
}

static void grow(struct arena *arena, struct known_map *map)
{
    struct known_map old = *map;
    map->room = old.room ? old.room * 2 : 64;
    map->entries = arena_alloc(arena, map->room * sizeof *map->entries);
    for (size_t i = 0; i < old.room; i++) {
        if (old.entries[i].key)
            *slot(map, NULL, old.entries[i].key) = old.entries[i];
    }
}

void known_map_put(struct arena *arena, struct known_map *map, const char *schema, const char *name,
                   void *value)
{
    if (!name)
        return;
    if (map->n * 2 >= map->room)
        grow(arena, map);
    struct known_entry *entry = slot(map, schema, name);
    if (!entry->key) {
        entry->key = schema ? arena_printf(arena, "%s.%s", schema, name) : arena_strdup(arena, name);
        map->n++;
    }
    entry->value = value;
}

struct known *known_new(struct arena *arena)
{
    struct known *known = arena_alloc(arena, sizeof *known);
    known->arena = arena;
    return known;
}

void known_file(struct known *known, int file)
{
    known->file = file;
    known->time_zone = NULL;
}

int known_file_now(const struct known *known)
{
    return known->file;
}

struct known_relation *known_relation(const struct known *known, struct name name)
{
    return known_map_find(&known->relations, name.schema, name.name);
}

struct known_type *known_type(const struct known *known, const char *name)
{
    return known_map_find(&known->types, NULL, name);
}

struct known_function *known_function(const struct known *known, const char *name)
{
    return known_map_find(&known->functions, NULL, name);
}

bool known_is_changed(const struct known *known, struct name relation)
{
    const struct known_relation *found = known_relation(known, relation);
    return known->code_ran || !found || found->changed || found->file;
}

bool known_has_indexes_of(const struct known_relation *child, const struct known_relation *relation)
{
    for (size_t i = 0; i < relation->n_indexes; i++) {
        const struct known_index *wanted = &relation->indexes[i];
        bool found = wanted->dropped;
        for (size_t k = 0; k < child->n_indexes && !found; k++) {
            const struct known_index *index = &child->indexes[k];
            found = !index->dropped && index->n_columns == wanted->n_columns;
            for (size_t c = 0; found && c < wanted->n_columns; c++)
                found = same_text(index->columns[c], wanted->columns[c]);
        }
        if (!found)
            return false;
    }
    return true;
}

bool known_publishes_all(const struct known *known)
{
    return known->publishes_all;
}

bool known_is_gone(const struct known *known, const char *name)
{
    return known_has_column(known->gone, known->n_gone, name);
}

void known_also_called(struct known *known, struct name name, struct name also)
{
    struct known_relation *relation = known_relation(known, name);
    if (relation)
        known_map_put(known->arena, &known->relations, also.schema, also.name, relation);
}

const char *known_time_zone(const struct known *known)
{
    return known->time_zone;
}

struct known_relation *const *known_relations(const struct known *known, size_t *n)
{
    *n = known->n_all;
    return known->all;
}

struct known_column *known_column(const struct known_relation *relation, const char *name)
{
    for (size_t i = 0; relation && name && i < relation->n_columns; i++) {
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            return &relation->columns[i];
    }
    return NULL;
}

struct known_constraint *known_constraint(const struct known_relation *relation, const char *name)
{
    for (size_t i = 0; relation && name && i < relation->n_constraints; i++) {
        if (!relation->constraints[i].dropped && same_text(relation->constraints[i].name, name))
            return &relation->constraints[i];
    }
    return NULL;
}

const char *known_keep(struct known *known, const char *string)
{
    return string ? arena_strdup(known->arena, string) : NULL;
}

const char **known_keep_columns(struct known *known, const char *const *columns, size_t n)
{
    const char **kept = arena_alloc(known->arena, (n + 1) * sizeof *kept);
    for (size_t i = 0; i < n; i++)
        kept[i] = known_keep(known, columns[i]);
    return kept;
}

bool known_has_column(const char *const *columns, size_t n, const char *column)
{
    for (size_t i = 0; column && i < n; i++) {
        if (same_text(columns[i], column))
            return true;
    }
    return false;
}

struct name known_keep_name(struct known *known, struct name name)
{
    return (struct name){.schema = known_keep(known, name.schema), .name = known_keep(known, name.name)};
}

struct known_relation *known_make(struct known *known, enum known_kind kind, struct name name)
{
    struct known_relation *relation = arena_alloc(known->arena, sizeof *relation);
    relation->kind = kind;
    relation->name = known_keep_name(known, name);
    relation->file = known->file;
    known_map_put(known->arena, &known->relations, name.schema, name.name, relation);
    ARENA_PUSH(known->arena, known->all, known->n_all, relation);
    return relation;
}

/* Parentheses around all of it say nothing. */
static struct lint_slice bare(const char *text, struct lint_slice slice)
{
    for (;;) {
        size_t at = slice.begin;
        struct lex_token first = lex_next(text, &at);
        if (first.begin >= slice.end || !lex_is(text, &first, "("))
            return slice;
        int depth = 1;
        struct lex_token last = first;
        while (depth > 0 && at < slice.end) {
            last = lex_next(text, &at);
            depth += lex_is(text, &last, "(") ? 1 : lex_is(text, &last, ")") ? -1 : 0;
        }
        if (depth > 0 || last.end < slice.end)
            return slice;
        slice = (struct lint_slice){first.end, last.begin};
    }
}

const char *known_words(struct arena *arena, const char *text, struct lint_slice slice)
{
    if (slice.end <= slice.begin)
        return "";
    slice = bare(text, slice);
    char *out = arena_alloc(arena, (slice.end - slice.begin) * 2 + 1);
    size_t n = 0;
    for (size_t at = slice.begin; at < slice.end;) {
        struct lex_token token = lex_next(text, &at);
        if (token.kind == LEX_END || token.begin >= slice.end)
            break;
        if (n)
            out[n++] = ' ';
        for (size_t i = token.begin; i < token.end && i < slice.end; i++) {
            char c = text[i];
            out[n++] = token.kind == LEX_WORD && c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        }
    }
    out[n] = '\0';
    return out;
}
