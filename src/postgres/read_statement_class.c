/* Statements by their kind: those that no migration holds, and where the others run by default. */
#include "postgres/read_statement.h"

#define NODE(name) PG_QUERY__NODE__NODE_##name

/* What no migration holds, because it cannot run in a transaction or is not about a schema. */
static const struct refused {
    PgQuery__Node__NodeCase node;
    const char *why;
} refused[] = {
    {NODE(CREATEDB_STMT), "it cannot run in a transaction"},
    {NODE(DROPDB_STMT), "it cannot run in a transaction"},
    {NODE(CREATE_TABLE_SPACE_STMT), "it cannot run in a transaction"},
    {NODE(DROP_TABLE_SPACE_STMT), "it cannot run in a transaction"},
    {NODE(CREATE_SUBSCRIPTION_STMT), "it may not run in a transaction"},
    {NODE(ALTER_SUBSCRIPTION_STMT), "it may not run in a transaction"},
    {NODE(DROP_SUBSCRIPTION_STMT), "it may not run in a transaction"},
    {NODE(ALTER_SYSTEM_STMT), "it cannot run in a transaction"},
    {NODE(CHECK_POINT_STMT), "it is the server's upkeep, not a part of a schema"},
    {NODE(LOAD_STMT), "it is about the session that runs it"},
    {NODE(LISTEN_STMT), "it is about the session that runs it"},
    {NODE(UNLISTEN_STMT), "it is about the session that runs it"},
    {NODE(PREPARE_STMT), "it is about the session that runs it"},
    {NODE(EXECUTE_STMT), "it is about the session that runs it"},
    {NODE(DEALLOCATE_STMT), "it is about the session that runs it"},
    {NODE(DISCARD_STMT), "it is about the session that runs it"},
    {NODE(DECLARE_CURSOR_STMT), "it is about the session that runs it"},
    {NODE(FETCH_STMT), "it is about the session that runs it"},
    {NODE(CLOSE_PORTAL_STMT), "it is about the session that runs it"},
    {NODE(VARIABLE_SHOW_STMT), "it is about the session that runs it"},
    {NODE(EXPLAIN_STMT), "it changes nothing"},
    {NODE(LOCK_STMT), "segue takes the locks that it needs, each for a moment"},
};

const char *read_statement_refusal(const PgQuery__Node *tree)
{
    for (size_t i = 0; i < SEGUE_COUNT(refused); i++) {
        if (refused[i].node == tree->node_case)
            return refused[i].why;
    }
    if (tree->node_case == NODE(VACUUM_STMT) && tree->vacuum_stmt->is_vacuumcmd)
        return "it cannot run in a transaction";
    return NULL;
}

/* Where statements run by default, and the lock that they take on the tables that they name. */
static const struct statement_class classes[] = {
    {NODE(VIEW_STMT), STATEMENT_VERSIONED, OBJECT_VIEW, VERB_CREATE, NULL},
    {NODE(CREATE_TABLE_AS_STMT), STATEMENT_VERSIONED, OBJECT_MATERIALIZED_VIEW, VERB_CREATE, NULL},
    {NODE(REFRESH_MAT_VIEW_STMT), STATEMENT_CONTRACT, OBJECT_MATERIALIZED_VIEW, VERB_OTHER, NULL},
    {NODE(CREATE_FUNCTION_STMT), STATEMENT_VERSIONED, OBJECT_FUNCTION, VERB_CREATE, NULL},
    {NODE(ALTER_FUNCTION_STMT), STATEMENT_CONTRACT, OBJECT_FUNCTION, VERB_ALTER, NULL},
    {NODE(CREATE_TRIG_STMT), STATEMENT_CONTRACT, OBJECT_TRIGGER, VERB_CREATE, "SHARE ROW EXCLUSIVE"},
    {NODE(CREATE_POLICY_STMT), STATEMENT_CONTRACT, OBJECT_POLICY, VERB_CREATE, "ACCESS EXCLUSIVE"},
    {NODE(ALTER_POLICY_STMT), STATEMENT_CONTRACT, OBJECT_POLICY, VERB_ALTER, "ACCESS EXCLUSIVE"},
    {NODE(CREATE_STATS_STMT), STATEMENT_CONTRACT, OBJECT_STATISTICS, VERB_CREATE, "SHARE UPDATE EXCLUSIVE"},
    {NODE(ALTER_STATS_STMT), STATEMENT_CONTRACT, OBJECT_STATISTICS, VERB_ALTER, NULL},
    {NODE(CREATE_PUBLICATION_STMT), STATEMENT_CONTRACT, OBJECT_PUBLICATION, VERB_CREATE,
     "SHARE UPDATE EXCLUSIVE"},
    {NODE(ALTER_PUBLICATION_STMT), STATEMENT_CONTRACT, OBJECT_PUBLICATION, VERB_ALTER,
     "SHARE UPDATE EXCLUSIVE"},
    {NODE(CREATE_SCHEMA_STMT), STATEMENT_EXPAND, OBJECT_SCHEMA, VERB_CREATE, NULL},
    {NODE(CREATE_EXTENSION_STMT), STATEMENT_EXPAND, OBJECT_EXTENSION, VERB_CREATE, NULL},
    {NODE(CREATE_SEQ_STMT), STATEMENT_EXPAND, OBJECT_SEQUENCE, VERB_CREATE, NULL},
    {NODE(ALTER_SEQ_STMT), STATEMENT_CONTRACT, OBJECT_SEQUENCE, VERB_ALTER, NULL},
    {NODE(GRANT_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_OTHER, NULL},
    {NODE(ALTER_DEFAULT_PRIVILEGES_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_OTHER, NULL},
    {NODE(ALTER_OWNER_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_ALTER, NULL},
    {NODE(ALTER_OBJECT_SCHEMA_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_ALTER, NULL},
    {NODE(ALTER_TABLE_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_ALTER, NULL}, /* of a view, an index */
    {NODE(RENAME_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_ALTER, "ACCESS EXCLUSIVE"},
    {NODE(DROP_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_DROP, "ACCESS EXCLUSIVE"},
    {NODE(COMMENT_STMT), STATEMENT_CONTRACT, OBJECT_OTHER, VERB_OTHER, NULL},
    {NODE(VACUUM_STMT), STATEMENT_UNPLACED, OBJECT_OTHER, VERB_OTHER, "SHARE UPDATE EXCLUSIVE"}, /* ANALYZE */
    {NODE(TRUNCATE_STMT), STATEMENT_UNPLACED, OBJECT_OTHER, VERB_OTHER, "ACCESS EXCLUSIVE"},
    {NODE(INSERT_STMT), STATEMENT_UNPLACED, OBJECT_ROWS, VERB_OTHER, "ROW EXCLUSIVE"},
};

const struct statement_class *read_statement_class(const PgQuery__Node *tree)
{
    static const struct statement_class unknown = {0};
    for (size_t i = 0; i < SEGUE_COUNT(classes); i++) {
        if (classes[i].node == tree->node_case)
            return &classes[i];
    }
    return &unknown;
}
