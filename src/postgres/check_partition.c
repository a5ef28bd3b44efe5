/*
 * Partitions and children that come and go, tried: what the file says of tables runs in its order on empty twins of them, in a schema
 * of the check's own, so that the server itself says whether a table fits its parent and whether bounds overlap. No table
 * is locked but for being read. A statement that cannot be tried gives its tables up: nothing more is tried of them.
 */
#include <string.h>

#include "postgres/check_internal.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* A transaction has room for so many locks beside the application's: of larger families only the tables that are named are made. */
enum { FAMILY_TABLES = 128 };

struct trial {
    struct check_run run; /* with shapes of its own, which follow the file */
    const struct table **made;
    size_t n_made;
    const struct check_table **given_up;
    size_t n_given_up;
};

/* A relation in a statement. */
struct mention {
    struct name name;
    size_t offset;
};

struct mentions {
    struct arena *arena;
    struct mention *list;
    size_t n;
};

static bool is_about_parts(const struct change *change)
{
    return change->kind == CHANGE_ATTACH_PARTITION || change->kind == CHANGE_DETACH_PARTITION ||
           change->kind == CHANGE_INHERIT || change->kind == CHANGE_NO_INHERIT ||
           (change->kind == CHANGE_CREATE_TABLE && change->partition);
}

/* Whether there is anything to try. The file's own types have other names meanwhile: then nothing can be. */
static bool is_concerned(const struct migration *migration)
{
    bool any = false;
    for (size_t i = 0; i < migration->n_changes; i++) {
        if (migration->changes[i].kind != CHANGE_COMMENT && change_is_about_type(&migration->changes[i]))
            return false;
        any |= is_about_parts(&migration->changes[i]) && migration->changes[i].partition->other.name;
    }
    return any;
}

/* What has the names of its tables where `collect` finds them, and is about nothing else. */
static bool can_replay(const struct change *change)
{
    switch (change->kind) {
    case CHANGE_ADD_COLUMN:
    case CHANGE_DROP_EXPRESSION:
    case CHANGE_DROP_COLUMN:
    case CHANGE_RENAME_COLUMN:
    case CHANGE_COLUMN_TYPE:
    case CHANGE_SET_NOT_NULL:
    case CHANGE_DROP_NOT_NULL:
    case CHANGE_ADD_CONSTRAINT:
    case CHANGE_DROP_CONSTRAINT:
    case CHANGE_RENAME_CONSTRAINT:
    case CHANGE_ADD_IDENTITY:
    case CHANGE_DROP_IDENTITY:
    case CHANGE_CREATE_INDEX:
    case CHANGE_CREATE_TABLE:
    case CHANGE_RENAME_TABLE: return true;
    default: return is_about_parts(change);
    }
}

static bool has_table(const struct trial *trial, const struct table *table)
{
    for (size_t i = 0; i < trial->n_made; i++) {
        if (trial->made[i] == table)
            return true;
    }
    return false;
}

static bool is_given_up(const struct trial *trial, const struct check_table *table)
{
    for (size_t i = 0; i < trial->n_given_up; i++) {
        if (trial->given_up[i] == table)
            return true;
    }
    return false;
}

static void give_up(struct trial *trial, const struct check_table *table)
{
    if (table && !is_given_up(trial, table))
        ARENA_PUSH(trial->run.arena, trial->given_up, trial->n_given_up, table);
}

static struct check_table *shape_of(struct trial *trial, const struct table *table)
{
    return check_shapes_table(&trial->run.shapes, (struct name){NULL, table->name}, CHECK_OLD);
}

/* A partition is made as one, with the bound that it has; other tables like the real one. */
static const char *twin_sql(struct trial *trial, const struct table *table, const struct check_table *shape)
{
    struct arena *arena = trial->run.arena;
    const struct table *parent =
        table->is_partition ? catalog_table(trial->run.catalog, table->parents[0]) : NULL;
    const char *key = table->kind == 'p' ? arena_printf(arena, " PARTITION BY %s", table->partition_key) : "";
    if (parent)
        return pg_format(arena, "CREATE TABLE %Q PARTITION OF %Q %s%s", TRIAL_SCHEMA, shape->name[CHECK_NEW],
                         TRIAL_SCHEMA, shape_of(trial, parent)->name[CHECK_NEW], table->bound, key);
    return pg_format(arena, "CREATE TABLE %Q (LIKE %Q INCLUDING CONSTRAINTS INCLUDING GENERATED%s)%s",
                     TRIAL_SCHEMA, shape->name[CHECK_NEW], table->schema, table->name,
                     table->kind == 'p' ? "" : " INCLUDING IDENTITY INCLUDING INDEXES", key);
}

static bool make_twin(struct trial *trial, const struct table *table, struct error *err);

static bool make_parents(struct trial *trial, const struct table *table, bool *good, struct error *err)
{
    for (size_t i = 0; *good && i < table->n_parents; i++) {
        const struct table *parent = catalog_table(trial->run.catalog, table->parents[i]);
        if (parent && !make_twin(trial, parent, err))
            return false;
        *good = parent && has_table(trial, parent) && !is_given_up(trial, shape_of(trial, parent));
    }
    return true;
}

static bool make_children(struct trial *trial, const struct table *table, struct error *err)
{
    const struct catalog *catalog = trial->run.catalog;
    size_t n = 0;
    for (size_t i = 0; i < catalog->n_tables; i++)
        n += table_is_child(&catalog->tables[i], table);
    for (size_t i = 0; n <= FAMILY_TABLES && i < catalog->n_tables; i++) {
        if (table_is_child(&catalog->tables[i], table) && !make_twin(trial, &catalog->tables[i], err))
            return false;
    }
    return true;
}

/* The twin of a table, of those above it and below it. One that cannot be made is given up. */
static bool make_twin(struct trial *trial, const struct table *table, struct error *err)
{
    struct arena *arena = trial->run.arena;
    const struct check_table *shape = shape_of(trial, table);
    bool good = true;
    if (!shape->name[CHECK_NEW] || is_given_up(trial, shape) || has_table(trial, table))
        return true;
    if (!make_parents(trial, table, &good, err))
        return false;
    if (has_table(trial, table))
        return true;
    ARENA_PUSH(arena, trial->made, trial->n_made, table);
    if (good && !check_try(&trial->run, twin_sql(trial, table, shape), &good, err))
        return false;
    for (size_t i = 0; good && !table->is_partition && i < table->n_parents; i++) {
        const struct check_table *parent =
            shape_of(trial, catalog_table(trial->run.catalog, table->parents[i]));
        if (!check_try(&trial->run,
                       pg_format(arena, "ALTER TABLE %Q INHERIT %Q", TRIAL_SCHEMA, shape->name[CHECK_NEW],
                                 TRIAL_SCHEMA, parent->name[CHECK_NEW]),
                       &good, err))
            return false;
    }
    if (!good) {
        give_up(trial, shape);
        return true;
    }
    return make_children(trial, table, err);
}

static void collect(ProtobufCMessage *message, void *context)
{
    struct mentions *mentions = context;
    if (message->descriptor != &pg_query__range_var__descriptor)
        return;
    const PgQuery__RangeVar *relation = (const PgQuery__RangeVar *)message;
    struct mention mention = {
        {parse_given(relation->schemaname) ? relation->schemaname : NULL, relation->relname},
        (size_t)relation->location};
    ARENA_PUSH(mentions->arena, mentions->list, mentions->n, mention);
}

/* Whether all tables that the statement names have a twin, but for the one that it makes. */
static bool make_twins(struct trial *trial, const struct change *change, const struct mentions *mentions,
                       bool *possible, struct error *err)
{
    struct check_run *run = &trial->run;
    *possible = true;
    for (size_t i = 0; *possible && i < mentions->n; i++) {
        struct name name = mentions->list[i].name;
        const struct check_table *table = check_shapes_table(&run->shapes, name, CHECK_NEW);
        bool ours = !name.schema || strcmp(name.schema, run->catalog->schema) == 0;
        const struct table *origin =
            table && table->name[CHECK_OLD] ? catalog_table(run->catalog, table->name[CHECK_OLD]) : NULL;
        bool itself =
            change->kind == CHANGE_CREATE_TABLE && !table && strcmp(name.name, change->table.name) == 0;
        if (origin && !make_twin(trial, origin, err))
            return false;
        *possible = ours && (itself || (table && !is_given_up(trial, table)));
    }
    return true;
}

/* Names that are qualified by the schema become those of the twins. */
static const char *retarget(struct trial *trial, const struct parse_text *text,
                            const struct mentions *mentions)
{
    struct arena *arena = trial->run.arena;
    struct sql_edits edits = {0};
    for (size_t i = 0; i < mentions->n; i++) {
        size_t first = parse_token_at(text, mentions->list[i].offset);
        if (mentions->list[i].name.schema)
            sql_edit_add(arena, &edits, first, first + 3,
                         pg_format(arena, "%Q", TRIAL_SCHEMA, mentions->list[i].name.name));
    }
    return edits.n ? sql_edit_print(arena, text, 0, text->n, &edits) : text->text;
}

/* What may be missing on the twins alone: keys of partitioned tables, and objects that the file makes. */
static bool may_be_ours(const struct error *found)
{
    static const char *const states[] = {"42830", "42P01", "42704", "42883", "22P02"};
    for (size_t i = 0; i < SEGUE_COUNT(states); i++) {
        if (strcmp(found->sqlstate, states[i]) == 0)
            return true;
    }
    return false;
}

/* *ran: the twins have what the statement makes. */
static bool replay(struct trial *trial, const struct change *change, bool *ran, struct error *err)
{
    struct check_run *run = &trial->run;
    const char *sql = change->kind == CHANGE_CREATE_INDEX ? change->index->definition : change->sql;
    struct mentions mentions = {.arena = run->arena};
    struct parse_text text;
    struct parse_fault fault;
    PgQuery__Node *tree;
    *ran = false;
    if (!parse_tokens(run->arena, sql, &text, &fault) || !parse_statement(run->arena, sql, &tree, &fault))
        return sql_fault(err, &fault, "statement", sql);
    parse_walk(&tree->base, collect, &mentions);
    bool possible;
    if (!make_twins(trial, change, &mentions, &possible, err))
        return false;
    if (possible && !check_try(&trial->run, retarget(trial, &text, &mentions), ran, err))
        return false;
    if (possible && !*ran && is_about_parts(change) && !may_be_ours(err)) {
        err->hint[0] = '\0';
        check_refuse(run, change->place, err);
        return false;
    }
    for (size_t i = 0; !*ran && i < mentions.n; i++)
        give_up(trial, check_shapes_table(&run->shapes, mentions.list[i].name, CHECK_NEW));
    return true;
}

/* DROP TABLE names its tables otherwise: it is written anew for one of them. */
static bool drop_twin(struct trial *trial, const struct change *change, struct error *err)
{
    const struct check_table *table = check_shapes_table(&trial->run.shapes, change->table, CHECK_NEW);
    const struct table *origin =
        table && table->name[CHECK_OLD] ? catalog_table(trial->run.catalog, table->name[CHECK_OLD]) : NULL;
    bool done;
    if (!table || is_given_up(trial, table) || !origin || !has_table(trial, origin))
        return true;
    return check_try(&trial->run,
                     pg_format(trial->run.arena, "DROP TABLE %Q", TRIAL_SCHEMA, table->name[CHECK_NEW]),
                     &done, err);
}

static bool follow(struct trial *trial, const struct change *change, bool *ran, struct error *err)
{
    struct check_run *run = &trial->run;
    bool again = run->statement == change->sql;
    run->statement = change->sql;
    if (change->kind == CHANGE_DROP_TABLE && !drop_twin(trial, change, err))
        return false;
    if (!again && can_replay(change) && !replay(trial, change, ran, err))
        return false;
    check_shapes_apply(&run->shapes, change);
    if (change->kind == CHANGE_CREATE_TABLE && !*ran)
        give_up(trial, check_shapes_table(&run->shapes, change->table, CHECK_NEW));
    return true;
}

bool check_partitions(struct check_run *run, struct error *err)
{
    struct trial trial = {.run = *run};
    bool ran = false;
    if (!is_concerned(run->migration))
        return true;
    trial.run.statement = NULL;
    trial.run.shapes = (struct check_shapes){
        .arena = run->arena, .migration = run->migration, .catalog = run->catalog, .types = run->types};
    const char *begin =
        pg_format(run->arena, "CREATE SCHEMA %I; SET LOCAL search_path TO %I, %s", TRIAL_SCHEMA, TRIAL_SCHEMA,
                  pg_identifier_list(run->arena, run->catalog->search_path, run->catalog->n_search_path));
    if (!check_try_begin(run, err) || !session_run(run->session, begin, err))
        return false;
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        if (!follow(&trial, &run->migration->changes[i], &ran, err))
            return false;
    }
    return check_try_end(run, false, err);
}
