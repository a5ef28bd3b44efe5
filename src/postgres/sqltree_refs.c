/* Column references of a parse tree. */
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

static void collect(ProtobufCMessage *message, void *context)
{
    struct sql_refs *refs = context;
    if (message->descriptor == &pg_query__column_ref__descriptor) {
        PgQuery__ColumnRef *ref = (PgQuery__ColumnRef *)message;
        struct sql_ref found = {.ref = ref};
        for (size_t i = 0; i < ref->n_fields; i++) {
            const char *field = parse_string(ref->fields[i]);
            if (field)
                ARENA_PUSH(refs->arena, found.fields, found.n_fields, field);
            else
                found.star = true;
        }
        ARENA_PUSH(refs->arena, refs->list, refs->n, found);
    } else if (message->descriptor == &pg_query__sub_link__descriptor) {
        refs->has_subquery = true;
    } else if (message->descriptor == &pg_query__param_ref__descriptor) {
        refs->strange = ((PgQuery__ParamRef *)message)->location;
    } else if (message->descriptor == &pg_query__set_to_default__descriptor) {
        refs->strange = ((PgQuery__SetToDefault *)message)->location;
    }
}

static int by_location(const void *a, const void *b)
{
    const struct sql_ref *left = a;
    const struct sql_ref *right = b;
    return (left->ref->location > right->ref->location) - (left->ref->location < right->ref->location);
}

void sql_refs_find(struct arena *arena, ProtobufCMessage *root, struct sql_refs *out)
{
    *out = (struct sql_refs){.arena = arena, .strange = -1};
    parse_walk(root, collect, out);
    if (out->n)
        qsort(out->list, out->n, sizeof out->list[0], by_location);
}

/* Whether the reference is qualified by the table: its last name but one, or but none for table.*. */
static bool qualified_by(const struct sql_ref *ref, const char *table)
{
    size_t behind = ref->star ? 0 : 1;
    return table && ref->n_fields > behind && strcmp(ref->fields[ref->n_fields - 1 - behind], table) == 0;
}

static const char *as_written(struct arena *arena, const struct sql_ref *ref)
{
    const char *text = "";
    for (size_t i = 0; i < ref->n_fields; i++)
        text = pg_format(arena, "%s%s%I", text, i ? "." : "", ref->fields[i]);
    return ref->star ? pg_format(arena, "%s%s*", text, *text ? "." : "") : text;
}

bool sql_refs_columns(struct sql_refs *refs, const char *table, const char ***names, size_t *n,
                      struct parse_fault *fault)
{
    *names = NULL;
    *n = 0;
    if (refs->strange >= 0)
        return parse_fail(fault, (size_t)refs->strange, "parameters and DEFAULT have no value here");
    for (size_t i = 0; i < refs->n; i++) {
        const struct sql_ref *ref = &refs->list[i];
        size_t place = (size_t)ref->ref->location;
        bool ours = qualified_by(ref, table);
        if (ref->star && (ours || !refs->has_subquery))
            return parse_fail(fault, place, "%s means the whole row; name its columns instead",
                              as_written(refs->arena, ref));
        if (ref->star || (ref->n_fields > 1 && !ours && refs->has_subquery))
            continue;
        if (ref->n_fields > 1 && !ours)
            return parse_fail(fault, place, "%s is not a column of %s", as_written(refs->arena, ref),
                              table ? table : "the table");
        sql_add_distinct(refs->arena, names, n, ref->fields[ref->n_fields - 1]);
    }
    return true;
}

bool sql_refs_rename(struct sql_refs *refs, const struct parse_text *text, const struct rename *renames,
                     size_t n, struct sql_edits *edits, struct parse_fault *fault)
{
    if (refs->has_subquery)
        return parse_fail(fault, 0, "columns cannot be renamed in an expression with a subquery");
    for (size_t i = 0; i < refs->n; i++) {
        const struct sql_ref *ref = &refs->list[i];
        if (ref->star)
            return parse_fail(fault, (size_t)ref->ref->location,
                              "%s means the whole row; name its columns instead",
                              as_written(refs->arena, ref));
        const char *from = ref->fields[ref->n_fields - 1];
        const char *to = sql_renamed(renames, n, from);
        if (to == from && ref->n_fields == 1)
            continue;
        size_t first = parse_token_at(text, (size_t)ref->ref->location);
        sql_edit_add(refs->arena, edits, first, first + 2 * ref->n_fields - 1,
                     pg_format(refs->arena, "%I", to));
        ref->ref->fields[0] = parse_string_node(refs->arena, to);
        ref->ref->n_fields = 1;
    }
    return true;
}
