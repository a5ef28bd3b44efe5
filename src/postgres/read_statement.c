/* Statements that are not taken apart: what they are called, what they are about, and where they run by default. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/read_statement.h"

#define NODE(name) PG_QUERY__NODE__NODE_##name
#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

static bool refuse_apart(const struct read_statement *s, const char *what, const char *why)
{
    read_fail(s, 0, "%s does not belong in a migration: %s", what, why);
    return error_hint(s->reader->err,
                      "leave it out and run it with psql, before `segue start` or after `segue complete`");
}

/* The kinds of object that DROP, RENAME, OWNER TO and COMMENT name by a word. */
static enum statement_object object_of(PgQuery__ObjectType type)
{
    switch (type) {
    case OBJECT(VIEW): return OBJECT_VIEW;
    case OBJECT(MATVIEW): return OBJECT_MATERIALIZED_VIEW;
    case OBJECT(FUNCTION):
    case OBJECT(PROCEDURE):
    case OBJECT(ROUTINE): return OBJECT_FUNCTION;
    case OBJECT(TRIGGER): return OBJECT_TRIGGER;
    case OBJECT(POLICY): return OBJECT_POLICY;
    case OBJECT(STATISTIC_EXT): return OBJECT_STATISTICS;
    case OBJECT(PUBLICATION): return OBJECT_PUBLICATION;
    case OBJECT(SCHEMA): return OBJECT_SCHEMA;
    case OBJECT(EXTENSION): return OBJECT_EXTENSION;
    case OBJECT(SEQUENCE): return OBJECT_SEQUENCE;
    default: return OBJECT_OTHER;
    }
}

static void add_subject(const struct read_statement *s, struct statement_def *def, struct name name)
{
    struct statement_mention subject = {.name = name};
    ARENA_PUSH(s->reader->arena, def->subjects, def->n_subjects, subject);
}

/* The last one or two of a list of String nodes. */
static struct name name_of(PgQuery__Node *const *nodes, size_t n)
{
    struct name name = {0};
    if (n > 0)
        name.name = parse_string(nodes[n - 1]);
    if (n > 1)
        name.schema = parse_string(nodes[n - 2]);
    return name;
}

/* What an object node of DROP, COMMENT, GRANT, RENAME names. on_table: its last part is a trigger's or policy's, before it the
 * table's. */
static void add_object(const struct read_statement *s, struct change *change, const PgQuery__Node *node,
                       bool on_table)
{
    struct statement_def *def = change->statement;
    struct name name = {0};
    if (!node)
        return;
    switch (node->node_case) {
    case NODE(LIST):
        name = name_of(node->list->items, node->list->n_items);
        if (on_table && node->list->n_items > 1) {
            change->table = name_of(node->list->items, node->list->n_items - 1);
            name.schema = NULL;
        }
        break;
    case NODE(OBJECT_WITH_ARGS):
        name = name_of(node->object_with_args->objname, node->object_with_args->n_objname);
        break;
    case NODE(STRING): name.name = node->string->sval; break;
    case NODE(TYPE_NAME): name = name_of(node->type_name->names, node->type_name->n_names); break;
    default: break;
    }
    if (name.name)
        add_subject(s, def, name);
}

static bool on_table(PgQuery__ObjectType type)
{
    return type == OBJECT(TRIGGER) || type == OBJECT(POLICY) || type == OBJECT(RULE);
}

/* A relation's name among the mentions becomes the subject. */
static void subject_relation(const struct read_statement *s, struct statement_def *def,
                             const PgQuery__RangeVar *relation)
{
    for (size_t i = 0; i < def->n_mentions; i++) {
        if (def->mentions[i].begin != (size_t)relation->location)
            continue;
        ARENA_PUSH(s->reader->arena, def->subjects, def->n_subjects, def->mentions[i]);
        memmove(def->mentions + i, def->mentions + i + 1, (def->n_mentions - i - 1) * sizeof *def->mentions);
        def->n_mentions--;
        return;
    }
    /* A recursive view has the name of its own WITH query. */
    size_t token = parse_token_at(&s->text, (size_t)relation->location);
    struct statement_mention subject = {
        .name = {parse_given(relation->schemaname) ? relation->schemaname : NULL, relation->relname},
        .begin = (size_t)relation->location,
        .end = read_name_end(s, token),
    };
    ARENA_PUSH(s->reader->arena, def->subjects, def->n_subjects, subject);
}

static void set_table(struct change *change, const PgQuery__RangeVar *relation)
{
    change->table =
        (struct name){parse_given(relation->schemaname) ? relation->schemaname : NULL, relation->relname};
}

static bool read_grant(const struct read_statement *s, struct change *change)
{
    const PgQuery__GrantStmt *grant = s->tree->grant_stmt;
    struct statement_def *def = change->statement;
    def->grants = grant->is_grant;
    if (grant->objtype == OBJECT(TABLE)) {
        def->object = OBJECT_PRIVILEGE;
        if (def->n_mentions == 1)
            change->table = def->mentions[0].name;
        return true;
    }
    for (size_t i = 0; i < grant->n_objects; i++)
        add_object(s, change, grant->objects[i], false);
    return true;
}

static bool read_rename_of(const struct read_statement *s, struct change *change)
{
    const PgQuery__RenameStmt *rename = s->tree->rename_stmt;
    struct statement_def *def = change->statement;
    bool column = rename->rename_type == OBJECT(COLUMN);
    def->object = object_of(column ? rename->relation_type : rename->rename_type);
    if (rename->rename_type == OBJECT(RULE))
        return read_refuse_statement(s);
    if (on_table(rename->rename_type)) {
        set_table(change, rename->relation);
        add_subject(s, def, (struct name){NULL, rename->subname});
    } else if (rename->relation) {
        subject_relation(s, def, rename->relation);
    } else {
        add_object(s, change, rename->object, false);
    }
    return true;
}

static bool read_drop_of(const struct read_statement *s, struct change *change)
{
    const PgQuery__DropStmt *drop = s->tree->drop_stmt;
    struct statement_def *def = change->statement;
    def->object = object_of(drop->remove_type);
    def->cascade = drop->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
    def->if_not = drop->missing_ok;
    if (drop->remove_type == OBJECT(RULE) || drop->remove_type == OBJECT(FOREIGN_TABLE))
        return read_refuse_statement(s);
    for (size_t i = 0; i < drop->n_objects; i++)
        add_object(s, change, drop->objects[i], on_table(drop->remove_type));
    if (change->table.name) {
        /* DROP TRIGGER name ON table: where the table's name stands */
        size_t i = 0;
        while (i < s->text.n && !parse_token_is(&s->text, i, "on"))
            i++;
        read_mention_at(s, def, i + 1, change->table);
    }
    return true;
}

static bool read_publication(const struct read_statement *s, struct change *change)
{
    struct statement_def *def = change->statement;
    bool alter = s->tree->node_case == NODE(ALTER_PUBLICATION_STMT);
    add_subject(s, def,
                (struct name){NULL, alter ? s->tree->alter_publication_stmt->pubname
                                          : s->tree->create_publication_stmt->pubname});
    /* A table that leaves a publication is like an object that goes: what depends on its columns goes with it. */
    if (alter &&
        s->tree->alter_publication_stmt->action == PG_QUERY__ALTER_PUBLICATION_ACTION__AP_DropObjects)
        def->verb = VERB_DROP;
    return true;
}

static bool read_materialized(const struct read_statement *s, struct change *change)
{
    const PgQuery__CreateTableAsStmt *create = s->tree->create_table_as_stmt;
    struct statement_def *def = change->statement;
    if (strcmp(create->into->rel->relpersistence, "t") == 0)
        return read_refuse(s, 0, "CREATE TEMPORARY TABLE", NULL);
    if (create->objtype != OBJECT(MATVIEW)) {
        def->place = STATEMENT_UNPLACED;
        def->object = OBJECT_OTHER;
    }
    subject_relation(s, def, create->into->rel);
    def->bound = true;
    def->fills = !create->into->skip_data;
    def->if_not = create->if_not_exists;
    return true;
}

static bool read_view(const struct read_statement *s, struct change *change)
{
    const PgQuery__ViewStmt *view = s->tree->view_stmt;
    if (strcmp(view->view->relpersistence, "t") == 0)
        return read_refuse(s, 0, "CREATE TEMPORARY VIEW", NULL);
    change->statement->verb = view->replace ? VERB_REPLACE : VERB_CREATE;
    change->statement->bound = true;
    subject_relation(s, change->statement, view->view);
    return true;
}

/* INSERT … VALUES into a table is done in a moment; INSERT … SELECT may take its time. */
static bool is_values(const PgQuery__InsertStmt *insert)
{
    return !insert->select_stmt || insert->select_stmt->select_stmt->n_values_lists > 0;
}

/* What is known of a statement beyond its class. */
static bool read_details(const struct read_statement *s, struct change *change)
{
    struct statement_def *def = change->statement;
    const PgQuery__Node *tree = s->tree;
    switch (tree->node_case) {
    case NODE(VIEW_STMT): return read_view(s, change);
    case NODE(CREATE_TABLE_AS_STMT): return read_materialized(s, change);
    case NODE(REFRESH_MAT_VIEW_STMT):
        subject_relation(s, def, tree->refresh_mat_view_stmt->relation);
        def->fills = true;
        return true;
    case NODE(CREATE_FUNCTION_STMT): return read_function(s, change);
    case NODE(ALTER_FUNCTION_STMT):
        add_subject(
            s, def,
            name_of(tree->alter_function_stmt->func->objname, tree->alter_function_stmt->func->n_objname));
        return true;
    case NODE(CREATE_TRIG_STMT):
        set_table(change, tree->create_trig_stmt->relation);
        def->verb = tree->create_trig_stmt->replace ? VERB_REPLACE : VERB_CREATE;
        add_subject(s, def, (struct name){NULL, tree->create_trig_stmt->trigname});
        return true;
    case NODE(CREATE_POLICY_STMT):
        set_table(change, tree->create_policy_stmt->table);
        add_subject(s, def, (struct name){NULL, tree->create_policy_stmt->policy_name});
        return true;
    case NODE(ALTER_POLICY_STMT):
        set_table(change, tree->alter_policy_stmt->table);
        add_subject(s, def, (struct name){NULL, tree->alter_policy_stmt->policy_name});
        return true;
    case NODE(CREATE_STATS_STMT):
        if (def->n_mentions == 1)
            change->table = def->mentions[0].name;
        add_subject(s, def, name_of(tree->create_stats_stmt->defnames, tree->create_stats_stmt->n_defnames));
        return true;
    case NODE(CREATE_PUBLICATION_STMT):
    case NODE(ALTER_PUBLICATION_STMT): return read_publication(s, change);
    case NODE(CREATE_SCHEMA_STMT):
        add_subject(s, def, (struct name){NULL, tree->create_schema_stmt->schemaname});
        def->if_not = tree->create_schema_stmt->if_not_exists;
        return true;
    case NODE(CREATE_EXTENSION_STMT):
        add_subject(s, def, (struct name){NULL, tree->create_extension_stmt->extname});
        def->if_not = tree->create_extension_stmt->if_not_exists;
        return true;
    case NODE(CREATE_SEQ_STMT):
        subject_relation(s, def, tree->create_seq_stmt->sequence);
        def->if_not = tree->create_seq_stmt->if_not_exists;
        return true;
    case NODE(ALTER_SEQ_STMT): subject_relation(s, def, tree->alter_seq_stmt->sequence); return true;
    case NODE(GRANT_STMT): return read_grant(s, change);
    case NODE(RENAME_STMT): return read_rename_of(s, change);
    case NODE(DROP_STMT): return read_drop_of(s, change);
    case NODE(COMMENT_STMT):
        def->object = object_of(tree->comment_stmt->objtype);
        add_object(s, change, tree->comment_stmt->object, on_table(tree->comment_stmt->objtype));
        return true;
    case NODE(ALTER_OWNER_STMT):
        def->object = object_of(tree->alter_owner_stmt->object_type);
        add_object(s, change, tree->alter_owner_stmt->object, false);
        return true;
    case NODE(INSERT_STMT):
        set_table(change, tree->insert_stmt->relation);
        def->fills = !is_values(tree->insert_stmt);
        return true;
    default:
        /* Nobody knows how long a statement takes that segue does not know. */
        def->fills = def->place == STATEMENT_UNPLACED;
        return true;
    }
}

bool read_as_statement(const struct read_statement *s)
{
    struct change change = read_begin(s, CHANGE_STATEMENT, 0);
    const struct statement_class *class = read_statement_class(s->tree);
    const char *what = read_statement_name(s);
    const char *why = read_statement_refusal(s->tree);
    if (why)
        return refuse_apart(s, what, why);
    if (s->tree->node_case == NODE(RULE_STMT) || s->tree->node_case == NODE(COPY_STMT))
        return read_refuse_statement(s);
    struct statement_def *def = change.statement = arena_alloc(s->reader->arena, sizeof *def);
    *def = (struct statement_def){.what = what,
                                  .place = class->place,
                                  .object = class->object,
                                  .verb = class->verb,
                                  .lock = class->lock};
    read_mentions(s, def);
    if (!read_details(s, &change))
        return false;
    if (def->cascade) {
        read_fail(s, 0, "%s … CASCADE does not say what else it drops", what);
        return error_hint(s->reader->err, "write a DROP for each dependent object and leave CASCADE out");
    }
    read_add(s, &change);
    return true;
}
