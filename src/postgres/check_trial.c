/*
 * New tables and foreign keys, tried: the statements are run in the transaction that is rolled back. A foreign key would lock the
 * table that it points to, so it points to a twin instead.
 */
#include <string.h>

#include "base/nearest.h"
#include "migration/place.h"
#include "postgres/check_internal.h"
#include "postgres/format.h"
#include "postgres/parse.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"
#include "sql.h"

/* A table's name in a statement. */
struct mention {
    struct name name;
    size_t offset;
};

/* A statement under way. */
struct trial {
    struct check_run *run;
    const struct change *change;
    struct parse_text text;
    struct mention *references;
    size_t n_references;
    struct mention *sources; /* of LIKE */
    size_t n_sources;
};

/* Where a byte of the statement is; only CREATE TABLE is known to begin where its change does. */
static struct place place_in(const struct change *change, size_t offset)
{
    return change->kind == CHANGE_CREATE_TABLE ? place_after(change->sql, change->place, 0, offset)
                                               : change->place;
}

static bool refuse(const struct check_run *run, struct place place, struct error *err)
{
    check_refuse(run, place, err);
    check_scratch_unname(err);
    return false;
}

static struct mention mention_of(const PgQuery__RangeVar *relation)
{
    const char *schema = parse_given(relation->schemaname) ? relation->schemaname : NULL;
    return (struct mention){{schema, relation->relname}, (size_t)relation->location};
}

static bool refuse_reference(const struct check_run *run, struct place place, struct name name, bool gone,
                             struct error *err)
{
    const char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < run->catalog->n_tables; i++)
        ARENA_PUSH(run->arena, names, n, run->catalog->tables[i].name);
    const char *nearest = gone ? NULL : nearest_word(name.name, names, n);
    error_set(err, ERROR_REFUSED, "relation \"%s\" does not exist", name.name);
    if (gone)
        error_hint(err, "the file drops or renames it before this statement");
    else if (nearest)
        error_hint(err, "did you mean \"%s\"?", nearest);
    else
        error_hint(err, "create the table in this file above the statement, or before it");
    return refuse(run, place, err);
}

/* A twin of a table that is not one of the schema's. */
static bool twin_of_other(struct check_run *run, struct place place, struct name name, struct name *out,
                          struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *written = pg_format(run->arena, "%Q", name.schema, name.name);
    if (!session_query(run->session, sql_check_relation, 1, &written, &rows, err))
        return false;
    if (!rows_count(rows))
        return refuse_reference(run, place, name, false, err);
    if (strcmp(rows_get(rows, 0, 0), "t") != 0) {
        error_set(err, ERROR_REFUSED, "referenced relation \"%s\" is not a table", name.name);
        return refuse(run, place, err);
    }
    *out = check_scratch_name(run, name.name);
    const char *sql =
        pg_format(run->arena, "CREATE TABLE %Q (LIKE %s INCLUDING INDEXES)", out->schema, out->name, written);
    return session_run(run->session, sql, err) || refuse(run, place, err);
}

/* What a foreign key is to point to in the trial. A new table is there itself: *out.name stays NULL. *untried: a new table that is not
 * there. */
static bool find_reference(struct check_run *run, struct place place, struct name name, struct name *out,
                           bool *untried, struct error *err)
{
    *out = (struct name){0};
    *untried = false;
    const struct check_table *table = check_shapes_table(&run->shapes, name, CHECK_NEW);
    if (table && table->created) {
        *untried = table->untried;
        return true;
    }
    if (table)
        return check_scratch_twin(run, table, out, err);
    if (check_shapes_table(&run->shapes, name, CHECK_OLD))
        return refuse_reference(run, place, name, true, err);
    return twin_of_other(run, place, name, out, err);
}

static void collect(ProtobufCMessage *message, void *context)
{
    struct trial *trial = context;
    struct arena *arena = trial->run->arena;
    if (message->descriptor == &pg_query__constraint__descriptor) {
        const PgQuery__Constraint *constraint = (const PgQuery__Constraint *)message;
        if (constraint->pktable)
            ARENA_PUSH(arena, trial->references, trial->n_references, mention_of(constraint->pktable));
    } else if (message->descriptor == &pg_query__table_like_clause__descriptor) {
        const PgQuery__TableLikeClause *like = (const PgQuery__TableLikeClause *)message;
        ARENA_PUSH(arena, trial->sources, trial->n_sources, mention_of(like->relation));
    }
}

/* Whether a LIKE copies a table that has not yet the shape that the statement would see. */
static bool copies_changed(const struct trial *trial)
{
    for (size_t i = 0; i < trial->n_sources; i++) {
        const struct check_table *table =
            check_shapes_table(&trial->run->shapes, trial->sources[i].name, CHECK_NEW);
        if (table && (table->created ? table->untried : table->changed))
            return true;
    }
    return false;
}

/* The statement with each referenced table's name replaced by its twin's; *untried as above. */
static bool retarget(struct trial *trial, const char **sql, bool *untried, struct error *err)
{
    struct arena *arena = trial->run->arena;
    struct sql_edits edits = {0};
    for (size_t i = 0; i < trial->n_references; i++) {
        size_t offset = trial->references[i].offset;
        struct name twin;
        if (!find_reference(trial->run, place_in(trial->change, offset), trial->references[i].name, &twin,
                            untried, err))
            return false;
        if (*untried)
            return true;
        size_t first = parse_token_at(&trial->text, offset);
        size_t last = first + 1;
        while (parse_token_is(&trial->text, last, "."))
            last += 2;
        if (twin.name)
            sql_edit_add(arena, &edits, first, last, pg_format(arena, "%Q", twin.schema, twin.name));
    }
    /* Without edits the text stays as it is, so that the server's place is the file's. */
    *sql = edits.n ? sql_edit_print(arena, &trial->text, 0, trial->text.n, &edits) : trial->text.text;
    return true;
}

/* A label that the file adds is not there yet: then the table cannot be tried. */
static bool run_statement(struct check_run *run, struct check_table *table, const struct change *change,
                          const char *sql, struct error *err)
{
    bool done;
    bool tried = check_try(run, sql, &done, err);
    if (tried && done)
        return true;
    table->untried = tried && strcmp(err->sqlstate, "22P02") == 0 && check_grows_enum(run->migration);
    if (table->untried)
        return true;
    bool same = sql == change->sql && err->position;
    return refuse(run, place_in(change, same ? parse_byte_offset(sql, err->position) : 0), err);
}

static bool try_statement(struct check_run *run, struct check_table *table, const struct change *change,
                          struct error *err)
{
    const char *sql = change->kind == CHANGE_CREATE_INDEX ? change->index->definition : change->sql;
    struct trial trial = {.run = run, .change = change};
    PgQuery__Node *tree;
    struct parse_fault fault;
    /* Rows would be looked at by constraints that point to empty twins. */
    bool rows = change->kind == CHANGE_STATEMENT && change->statement->object == OBJECT_ROWS;
    /* A part of a table that is there would lock it. */
    if (change->partition && change->partition->other.name)
        table->untried = true;
    if (table->untried || rows || run->statement == change->sql)
        return true;
    run->statement = change->sql;
    if (!parse_tokens(run->arena, sql, &trial.text, &fault) ||
        !parse_statement(run->arena, sql, &tree, &fault))
        return sql_fault(err, &fault, "statement", sql);
    parse_walk(&tree->base, collect, &trial);
    table->untried = copies_changed(&trial);
    if (table->untried || !retarget(&trial, &sql, &table->untried, err))
        return table->untried;
    return table->untried || run_statement(run, table, change, sql, err);
}

static bool try_foreign_key(struct check_run *run, const struct check_table *table,
                            const struct change *change, struct error *err)
{
    const struct constraint_def *def = change->constraint;
    struct name child, parent;
    bool untried;
    const char *definition;
    if (!check_scratch_twin(run, table, &child, err))
        return false;
    if (check_shapes_table(&run->shapes, def->references, CHECK_NEW) == table)
        parent = child;
    else if (!find_reference(run, change->place, def->references, &parent, &untried, err))
        return false;
    else if (untried)
        return true;
    else if (!parent.name)
        parent = def->references;
    if (!sql_constraint_retarget(run->arena, def->definition, &parent, false, &definition, err))
        return check_refuse(run, change->place, err);
    const char *sql = pg_format(run->arena, "ALTER TABLE %Q ADD %s", child.schema, child.name, definition);
    if (session_run(run->session, sql, err))
        return true;
    if (strcmp(err->sqlstate, "42830") == 0)
        error_hint(
            err,
            "a foreign key points to the columns of a primary key or of a UNIQUE constraint: add that to "
            "\"%s\" above it",
            def->references.name);
    return refuse(run, change->place, err);
}

/* Whether the operators go with the access method and the types. */
static bool try_exclusion(struct check_run *run, const struct check_table *table, const struct change *change,
                          struct error *err)
{
    struct name twin;
    if (!check_scratch_twin(run, table, &twin, err))
        return false;
    const char *sql = pg_format(run->arena, "ALTER TABLE %Q ADD %s", twin.schema, twin.name,
                                change->constraint->definition);
    return session_run(run->session, sql, err) || refuse(run, change->place, err);
}

/* The server says at the twin whether it can generate the column: its expression must be immutable. */
static bool try_generated(struct check_run *run, const struct check_table *table, const struct change *change,
                          struct error *err)
{
    struct name twin;
    if (!check_scratch_twin(run, table, &twin, err))
        return false;
    const char *sql = pg_format(
        run->arena, "ALTER TABLE %Q DROP COLUMN %I, ADD COLUMN %I %s GENERATED ALWAYS AS (%s) STORED",
        twin.schema, twin.name, change->column, change->column, change->type, change->generated);
    return session_run(run->session, sql, err) || refuse(run, change->place, err);
}

static bool try_change(struct check_run *run, const struct change *change, struct error *err)
{
    struct check_table *table =
        check_names_table(change) ? check_shapes_table(&run->shapes, change->table, CHECK_NEW) : NULL;
    if (table && !table->created && !check_default(run, table, change, err))
        return false;
    check_shapes_apply(&run->shapes, change);
    if (change->kind == CHANGE_CREATE_TABLE && !table)
        table = check_shapes_table(&run->shapes, change->table, CHECK_NEW);
    if (!table)
        return true;
    if (table->created)
        return try_statement(run, table, change, err);
    if (change->kind == CHANGE_DATA_FIX)
        return check_fix(run, table, change, err);
    if (change->generated)
        return try_generated(run, table, change, err);
    if (change->kind == CHANGE_ADD_CONSTRAINT && change->constraint->kind == CONSTRAINT_EXCLUSION)
        return try_exclusion(run, table, change, err);
    bool is_key = change->kind == CHANGE_ADD_CONSTRAINT && change->constraint->kind == CONSTRAINT_FOREIGN_KEY;
    return !is_key || try_foreign_key(run, table, change, err);
}

bool check_trials(struct check_run *run, struct error *err)
{
    for (size_t i = 0; i < run->migration->n_changes; i++)
        if (!try_change(run, &run->migration->changes[i], err))
            return false;
    return true;
}
