/* Partitions and inheritance: bounds, keys, ATTACH, DETACH, INHERIT. */
#include <string.h>
#include <strings.h>

#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"

static const char *text_between(const struct read_statement *s, size_t first, size_t last)
{
    const struct parse_text *text = &s->text;
    if (first >= last || first >= text->n)
        return "";
    size_t begin = text->tokens[first].begin;
    return arena_strndup(s->reader->arena, text->text + begin, text->tokens[last - 1].end - begin);
}

/* The text in the next parentheses at or behind token i; *behind is the token after them. */
static const char *parenthesised(const struct read_statement *s, size_t i, size_t *behind)
{
    while (i < s->text.n && !parse_token_is(&s->text, i, "("))
        i++;
    size_t close = parse_token_closing(&s->text, i);
    *behind = close + 1;
    return text_between(s, i + 1, close);
}

static const char *range_value(const PgQuery__Node *datum, const char *text)
{
    bool open = datum->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
                (strcasecmp(text, "minvalue") == 0 || strcasecmp(text, "maxvalue") == 0);
    return open ? NULL : text;
}

/* The bound that begins at token first and ends before last. */
static void read_bound(const struct read_statement *s, const PgQuery__PartitionBoundSpec *bound, size_t first,
                       size_t last, struct partition_def *def)
{
    size_t behind;
    def->bound = text_between(s, first, last);
    def->strategy = 'd';
    if (bound->is_default)
        return;
    def->strategy = bound->strategy[0];
    if (def->strategy == 'l') {
        def->single = true;
        for (size_t i = 0; i < bound->n_listdatums; i++) {
            const PgQuery__Node *datum = bound->listdatums[i];
            def->single =
                def->single && !(datum->node_case == PG_QUERY__NODE__NODE_A_CONST && datum->a_const->isnull);
        }
        def->from = parenthesised(s, first, &behind);
    } else if (def->strategy == 'r' && bound->n_lowerdatums == 1) {
        def->single = true;
        def->from = range_value(bound->lowerdatums[0], parenthesised(s, first, &behind));
        def->to = range_value(bound->upperdatums[0], parenthesised(s, behind, &behind));
    }
}

/* The token behind a relation's name, for a name that is not the statement's own. */
static bool read_other(const struct read_statement *s, const PgQuery__RangeVar *relation,
                       struct partition_def *def, size_t *behind)
{
    *behind = read_behind_relation(s, relation);
    return read_relation(s, relation, &def->other);
}

bool read_partition_command(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                            struct read_slice slice, struct change *change, struct read_list *list)
{
    struct partition_def *def = arena_alloc(s->reader->arena, sizeof *def);
    size_t behind;
    *def = (struct partition_def){0};
    change->partition = def;
    change->column = NULL;
    if (cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit ||
        cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit) {
        bool add = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit;
        change->kind = add ? CHANGE_INHERIT : CHANGE_NO_INHERIT;
        if (!read_other(s, cmd->def->range_var, def, &behind))
            return false;
    } else {
        const PgQuery__PartitionCmd *partition = cmd->def->partition_cmd;
        bool attach = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition;
        change->kind = attach ? CHANGE_ATTACH_PARTITION : CHANGE_DETACH_PARTITION;
        def->concurrently = partition->concurrent;
        def->finalize = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize;
        if (!read_other(s, partition->name, def, &behind))
            return false;
        if (attach)
            read_bound(s, partition->bound, behind, slice.last, def);
    }
    read_push(s, list, PASS_OTHER, change);
    return true;
}

/* The first token at or behind i that is one of the words outside parentheses; text.n when there is none. */
static size_t find_outside(const struct read_statement *s, size_t i, const char *const *words, size_t n)
{
    for (; i < s->text.n; i++) {
        if (parse_token_is(&s->text, i, "(")) {
            i = parse_token_closing(&s->text, i);
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            if (parse_token_is(&s->text, i, words[k]))
                return i;
        }
    }
    return s->text.n;
}

/* What may stand behind a bound or a key in CREATE TABLE. */
static const char *const options[] = {"partition", "using", "with", "without", "on", "tablespace"};

static bool read_partition_of(const struct read_statement *s, const PgQuery__CreateStmt *create,
                              struct partition_def *def)
{
    static const char *const begins[] = {"for", "default"};
    size_t behind;
    if (!read_other(s, create->inh_relations[0]->range_var, def, &behind))
        return false;
    size_t first = find_outside(s, behind, begins, SEGUE_COUNT(begins));
    size_t i = first + 1;
    /* FOR VALUES WITH (…): its own WITH is none of the options */
    if (parse_token_is(&s->text, i, "values"))
        i += 2;
    read_bound(s, create->partbound, first, find_outside(s, i, options, SEGUE_COUNT(options)), def);
    return true;
}

bool read_partitioning(const struct read_statement *s, const PgQuery__CreateStmt *create,
                       struct change *change)
{
    struct partition_def *def = arena_alloc(s->reader->arena, sizeof *def);
    *def = (struct partition_def){0};
    if (!create->partbound && !create->partspec && !create->n_inh_relations)
        return true;
    change->partition = def;
    if (create->partbound && !read_partition_of(s, create, def))
        return false;
    if (create->partspec) {
        size_t by = parse_token_at(&s->text, (size_t)create->partspec->location) + 2;
        def->key = text_between(s, by, find_outside(s, by, options, SEGUE_COUNT(options)));
    }
    if (create->partbound || !create->n_inh_relations)
        return true;
    if (create->n_inh_relations > 1)
        return read_refuse(s, 0, "CREATE TABLE … INHERITS from more than one table", NULL);
    return read_relation(s, create->inh_relations[0]->range_var, &def->other);
}
