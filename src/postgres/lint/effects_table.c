/* Whole tables: made, dropped, moved, divided. */
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/lint/effects_internal.h"

static struct known_relation *default_partition(const struct known_relation *parent)
{
    for (size_t i = 0; parent && i < parent->n_children; i++) {
        if (parent->children[i]->default_partition)
            return parent->children[i];
    }
    return NULL;
}

/* FROM ('…') TO ('…') of a partition, as conditions of a CHECK: what is too low or too high for it. */
struct bound {
    const char *key;
    const char *low, *high; /* "at < '…'", "at >= '…'"; NULL: not a bound of this kind */
    const char *from, *to;  /* "at >= '…'", "at < '…'" */
};

static struct bound read_bound(struct effects *e, const char *key)
{
    const char *words = known_words(e->arena, e->statement->text, e->action->expr);
    const char *from = strstr(words, "from ( ");
    const char *to = strstr(words, " ) to ( ");
    const char *end = to ? strstr(to + 8, " )") : NULL;
    if (!from || !end || !key)
        return (struct bound){0};
    const char *quoted = pg_format(e->arena, "%I", key);
    int from_length = (int)(to - from - 7), to_length = (int)(end - to - 8);
    return (struct bound){
        .key = key,
        .low = arena_printf(e->arena, "%s < %.*s", quoted, from_length, from + 7),
        .high = arena_printf(e->arena, "%s >= %.*s", quoted, to_length, to + 8),
        .from = arena_printf(e->arena, "%s >= %.*s", quoted, from_length, from + 7),
        .to = arena_printf(e->arena, "%s < %.*s", quoted, to_length, to + 8),
    };
}

/* Whether the words of a CHECK hold the condition. A server prints the midnight of a day with its time: '2022-01-01 00:00:00+00'. */
static bool holds(const char *words, const char *condition)
{
    size_t length = strlen(condition);
    size_t open = length && condition[length - 1] == '\'' ? length - 1 : length;
    const char *found = memmem(words, strlen(words), condition, open);
    return found && (open == length || found[open] == '\'' || strncmp(found + open, " 00:00:00", 9) == 0);
}

/* Whether validated CHECKs say that every row of the table belongs there. */
static bool bound_is_checked(const struct known_relation *child, const struct bound *bound)
{
    const struct known_column *column = bound->low ? known_column(child, bound->key) : NULL;
    bool has_low = false, has_high = false;
    for (size_t i = 0; column && column->not_null && i < child->n_constraints; i++) {
        const struct known_constraint *c = &child->constraints[i];
        if (c->kind != KNOWN_CHECK || !c->valid || c->dropped || !c->expr || strstr(c->expr, " or "))
            continue;
        has_low = has_low || holds(c->expr, bound->from);
        has_high = has_high || holds(c->expr, bound->to);
    }
    return has_low && has_high;
}

/* Whether a validated CHECK says that no row of the default partition belongs to the new one. */
static bool bound_is_excluded(struct effects *e, const struct known_relation *rest, const struct bound *bound)
{
    const struct known_column *column = bound->low ? known_column(rest, bound->key) : NULL;
    if (!column || !column->not_null)
        return false;
    const char *low_first = arena_printf(e->arena, "%s or %s", bound->low, bound->high);
    const char *high_first = arena_printf(e->arena, "%s or %s", bound->high, bound->low);
    for (size_t i = 0; i < rest->n_constraints; i++) {
        const struct known_constraint *c = &rest->constraints[i];
        if (c->kind == KNOWN_CHECK && c->valid && !c->dropped &&
            (same_text(c->expr, low_first) || same_text(c->expr, high_first)))
            return true;
    }
    return false;
}

/* The rows of the default partition are looked at for those that belong to the new one. */
static void look_into_default(struct effects *e, const struct known_relation *parent)
{
    const struct known_relation *rest = default_partition(parent);
    if (!rest)
        return;
    struct bound bound = read_bound(e, parent->partition_key);
    bool excluded = bound_is_excluded(e, rest, &bound);
    effects_touch(e, rest->name, LINT_ACCESS_EXCLUSIVE)->scan = excluded ? LINT_NO : LINT_YES;
    if (!excluded)
        effects_scans(e, LINT_YES, "every row of the default partition is looked at");
}

static void create_table(struct effects *e)
{
    const char *what = e->action->what;
    if (what && strcmp(what, "partition") == 0) {
        (void)effects_touch(e, e->action->other, LINT_ACCESS_EXCLUSIVE);
        look_into_default(e, known_relation(e->known, e->action->other));
    } else if (what && strcmp(what, "inherits") == 0) {
        (void)effects_touch(e, e->action->other, LINT_SHARE_UPDATE_EXCLUSIVE);
    }
}

static void read_sources(struct effects *e, const struct name *sources, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (known_relation(e->known, sources[i]) || sources[i].name)
            effects_touch(e, sources[i], LINT_ACCESS_SHARE)->scan = LINT_YES;
    }
}

/* Foreign keys tie a table to others on both sides. */
static void neighbours(struct effects *e, const struct known_relation *relation, enum lint_mode mode)
{
    for (size_t i = 0; i < relation->n_constraints; i++) {
        const struct known_constraint *c = &relation->constraints[i];
        if (c->kind == KNOWN_FOREIGN && !c->dropped && c->refers)
            (void)effects_touch(e, c->refers->name, mode);
    }
    for (size_t i = 0; i < relation->n_referred_by; i++) {
        if (!relation->referred_by[i]->dropped)
            (void)effects_touch(e, relation->referred_by[i]->name, mode);
    }
}

static void drop_table(struct effects *e)
{
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
    if (!e->relation)
        return;
    neighbours(e, e->relation, LINT_ACCESS_EXCLUSIVE);
    if (e->relation->parent)
        (void)effects_touch(e, e->relation->parent->name, LINT_ACCESS_EXCLUSIVE);
}

/* A new file takes the old one's place: no row is read. */
static void truncate(struct effects *e)
{
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
    for (size_t i = 0; e->relation && (e->action->flags & LINT_CASCADE) && i < e->relation->n_referred_by;
         i++)
        (void)effects_touch(e, e->relation->referred_by[i]->name, LINT_ACCESS_EXCLUSIVE);
}

static void attach(struct effects *e)
{
    const struct known_relation *child = known_relation(e->known, e->action->other);
    const char *key = e->relation ? e->relation->partition_key : NULL;
    effects_own(e, LINT_SHARE_UPDATE_EXCLUSIVE);
    struct bound bound = read_bound(e, key);
    bool builds = child && e->relation && !known_has_indexes_of(child, e->relation);
    enum lint_truth scan = !child                                       ? LINT_PERHAPS
                           : !builds && bound_is_checked(child, &bound) ? LINT_NO
                                                                        : LINT_YES;
    if (builds)
        effects_scans(e, LINT_YES, "an index that the table has is built for the new partition");
    effects_scans(e, scan,
                  scan == LINT_YES ? "every row of the new partition is looked at"
                                   : "every row of the new partition is looked at, unless a validated CHECK "
                                     "says that all belong there");
    effects_touch(e, e->action->other, LINT_ACCESS_EXCLUSIVE)->scan = scan;
    look_into_default(e, e->relation);
}

static void detach(struct effects *e)
{
    const struct known_relation *child = known_relation(e->known, e->action->other);
    const struct known_relation *rest = default_partition(e->relation);
    bool concurrently = e->action->flags & LINT_CONCURRENTLY;
    bool strong = e->settings->server_major >= 14 || (child && child->default_partition);
    if (concurrently)
        effects_since(e, 14, "detach partition concurrently");
    effects_own(e, concurrently ? LINT_SHARE_UPDATE_EXCLUSIVE : LINT_ACCESS_EXCLUSIVE);
    (void)effects_touch(e, e->action->other,
                        strong && !concurrently ? LINT_ACCESS_EXCLUSIVE : LINT_SHARE_UPDATE_EXCLUSIVE);
    if (rest && rest != child && !concurrently)
        (void)effects_touch(e, rest->name, LINT_ACCESS_EXCLUSIVE);
    if (rest && concurrently)
        effects_fails(e, LINT_YES, "a table with a default partition takes no DETACH CONCURRENTLY");
}

static void set_storage_of(struct effects *e)
{
    const struct known_relation *relation = e->relation;
    const char *to = e->action->name;
    enum lint_truth truth;
    switch (e->action->act) {
    case LINT_SET_LOGGED: truth = !relation ? LINT_YES : relation->unlogged ? LINT_YES : LINT_NO; break;
    case LINT_SET_UNLOGGED: truth = relation && relation->unlogged ? LINT_NO : LINT_YES; break;
    case LINT_SET_TABLESPACE:
        if (same_text(to, relation && relation->tablespace ? relation->tablespace : "pg_default"))
            truth = relation ? LINT_NO : LINT_PERHAPS;
        else
            truth = LINT_YES;
        break;
    default:
        effects_since(e, 15, "set access method");
        truth = !relation && same_text(to, "heap")                                        ? LINT_PERHAPS
                : same_text(to, relation && relation->method ? relation->method : "heap") ? LINT_NO
                                                                                          : LINT_YES;
        break;
    }
    effects_rewrites(e, truth, "the whole table is written anew");
    effects_own(e, LINT_ACCESS_EXCLUSIVE);
}

/* Sequences that belong to columns go with their table. */
static void with_sequences(struct effects *e)
{
    effects_own(e, LINT_ACCESS_EXCLUSIVE);
    for (size_t i = 0; e->relation && i < e->relation->n_columns; i++) {
        const struct known_column *column = &e->relation->columns[i];
        if (column->owned && column->sequence && !column->dropped)
            (void)effects_touch(e,
                                (struct name){.schema = e->relation->name.schema, .name = column->sequence},
                                LINT_ACCESS_EXCLUSIVE);
    }
}

static void written_anew(struct effects *e)
{
    effects_rewrites(e, LINT_YES, "the whole table is written anew");
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

static void refresh(struct effects *e)
{
    if (e->action->flags & LINT_CONCURRENTLY) {
        effects_scans(e, LINT_YES, "its query runs, and the result is compared with its rows");
        effects_own(e, LINT_EXCLUSIVE);
    } else {
        if (!(e->action->flags & LINT_NO_DATA))
            effects_rewrites(e, LINT_YES, "its query runs, and its rows are written anew");
        effects_own(e, LINT_ACCESS_EXCLUSIVE);
    }
    if (e->relation && !(e->action->flags & LINT_NO_DATA))
        read_sources(e, e->relation->sources, e->relation->n_sources);
}

static void create_materialized_view(struct effects *e)
{
    if (!(e->action->flags & LINT_NO_DATA))
        read_sources(e, e->action->relations, e->action->n_relations);
}

static void create_view(struct effects *e)
{
    if ((e->action->flags & LINT_REPLACE) && e->relation)
        effects_own(e, LINT_ACCESS_EXCLUSIVE);
}

static void create_trigger(struct effects *e)
{
    if (e->action->flags & LINT_REPLACE)
        effects_since(e, 14, "create or replace trigger");
    effects_tree(e, LINT_SHARE_ROW_EXCLUSIVE);
}

static void inherit(struct effects *e)
{
    effects_own(e, LINT_ACCESS_EXCLUSIVE);
    if (e->action->act == LINT_INHERIT)
        (void)effects_touch(e, e->action->other, LINT_SHARE_UPDATE_EXCLUSIVE);
}

static void rows(struct effects *e)
{
    bool all = e->action->act != LINT_INSERT && e->action->act != LINT_COPY_FROM;
    if (all && (e->action->flags & LINT_NO_WHERE))
        effects_scans(e, LINT_YES, "there is no condition");
    else if (all)
        effects_scans(e, LINT_PERHAPS, "it depends on the condition and the indexes");
    effects_own(e, LINT_ROW_EXCLUSIVE);
}

bool effects_of_table(struct effects *e)
{
    switch (e->action->act) {
    case LINT_CREATE_TABLE: create_table(e); break;
    case LINT_CREATE_TABLE_AS:
        if (!(e->action->flags & LINT_NO_DATA))
            read_sources(e, e->action->relations, e->action->n_relations);
        break;
    case LINT_DROP_TABLE: drop_table(e); break;
    case LINT_TRUNCATE: truncate(e); break;
    case LINT_ATTACH: attach(e); break;
    case LINT_DETACH: detach(e); break;
    case LINT_SET_LOGGED:
    case LINT_SET_UNLOGGED:
    case LINT_SET_TABLESPACE:
    case LINT_SET_ACCESS_METHOD: set_storage_of(e); break;
    case LINT_SET_SCHEMA:
    case LINT_OWNER: with_sequences(e); break;
    case LINT_CLUSTER:
    case LINT_VACUUM_FULL: written_anew(e); break;
    case LINT_REFRESH: refresh(e); break;
    case LINT_CREATE_MATERIALIZED_VIEW: create_materialized_view(e); break;
    case LINT_CREATE_VIEW: create_view(e); break;
    case LINT_CREATE_TRIGGER: create_trigger(e); break;
    case LINT_INHERIT:
    case LINT_NO_INHERIT: inherit(e); break;
    case LINT_INSERT:
    case LINT_UPDATE:
    case LINT_DELETE:
    case LINT_COPY_FROM: rows(e); break;
    case LINT_LOCK: effects_tree(e, e->action->mode); break;
    case LINT_RENAME_TABLE:
    case LINT_RENAME_VIEW:
    case LINT_TABLE_OTHER:
    case LINT_ROW_SECURITY:
    case LINT_CREATE_POLICY:
    case LINT_ALTER_POLICY:
    case LINT_DROP_TRIGGER:
    case LINT_CREATE_RULE:
    case LINT_REPLICA_IDENTITY:
    case LINT_ALTER_VIEW:
    case LINT_DROP_VIEW:
    case LINT_DROP_MATERIALIZED_VIEW: effects_own(e, LINT_ACCESS_EXCLUSIVE); break;
    case LINT_ENABLE_TRIGGER:
    case LINT_DISABLE_TRIGGER: effects_own(e, LINT_SHARE_ROW_EXCLUSIVE); break;
    case LINT_TABLE_SETTING:
    case LINT_ANALYZE:
    case LINT_VACUUM:
    case LINT_COMMENT:
    case LINT_CREATE_STATISTICS:
    case LINT_PUBLICATION: effects_own(e, LINT_SHARE_UPDATE_EXCLUSIVE); break;
    default: return false;
    }
    return true;
}
