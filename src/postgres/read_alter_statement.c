/* Commands of ALTER TABLE that leave the shape of the table as it is. */
#include <string.h>

#include "postgres/parse_tree.h"
#include "postgres/read_statement.h"
#include "postgres/sqltree_internal.h"

#define COMMAND(type) PG_QUERY__ALTER_TABLE_TYPE__AT_##type

static const struct command {
    PgQuery__AlterTableType type;
    const char *lock;
    const char *rewrites;
    bool column;     /* ALTER [COLUMN] name … */
    bool until_type; /* goes with the column's type (ATExecAlterColumnType) */
} commands[] = {
    {COMMAND(SetStatistics), "SHARE UPDATE EXCLUSIVE", NULL, true, false},
    {COMMAND(SetOptions), "SHARE UPDATE EXCLUSIVE", NULL, true, false},
    {COMMAND(ResetOptions), "SHARE UPDATE EXCLUSIVE", NULL, true, false},
    {COMMAND(SetStorage), "ACCESS EXCLUSIVE", NULL, true, true},
    {COMMAND(SetCompression), "ACCESS EXCLUSIVE", NULL, true, true},
    {COMMAND(ChangeOwner), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(ClusterOn), "SHARE UPDATE EXCLUSIVE", NULL, false, false},
    {COMMAND(DropCluster), "SHARE UPDATE EXCLUSIVE", NULL, false, false},
    {COMMAND(SetLogged), "ACCESS EXCLUSIVE", "SET LOGGED", false, false},
    {COMMAND(SetUnLogged), "ACCESS EXCLUSIVE", "SET UNLOGGED", false, false},
    {COMMAND(SetAccessMethod), "ACCESS EXCLUSIVE", "SET ACCESS METHOD", false, false},
    {COMMAND(SetTableSpace), "ACCESS EXCLUSIVE", "SET TABLESPACE", false, false},
    {COMMAND(SetRelOptions), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(ResetRelOptions), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(EnableTrig), "SHARE ROW EXCLUSIVE", NULL, false, false},
    {COMMAND(EnableAlwaysTrig), "SHARE ROW EXCLUSIVE", NULL, false, false},
    {COMMAND(EnableReplicaTrig), "SHARE ROW EXCLUSIVE", NULL, false, false},
    {COMMAND(DisableTrig), "SHARE ROW EXCLUSIVE", NULL, false, false},
    {COMMAND(EnableTrigUser), "SHARE ROW EXCLUSIVE", NULL, false, false},
    {COMMAND(DisableTrigUser), "SHARE ROW EXCLUSIVE", NULL, false, false},
    {COMMAND(ReplicaIdentity), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(EnableRowSecurity), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(DisableRowSecurity), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(ForceRowSecurity), "ACCESS EXCLUSIVE", NULL, false, false},
    {COMMAND(NoForceRowSecurity), "ACCESS EXCLUSIVE", NULL, false, false},
};

static const struct command *command_of(const PgQuery__AlterTableCmd *cmd)
{
    for (size_t i = 0; i < SEGUE_COUNT(commands); i++) {
        if (commands[i].type == cmd->subtype)
            return &commands[i];
    }
    return NULL;
}

bool read_alter_statement(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                          struct read_slice slice, const struct change *change, struct read_list *list)
{
    const struct command *command = command_of(cmd);
    size_t offset = s->text.tokens[slice.first].begin;
    struct arena *arena = s->reader->arena;
    struct sql_edits none = {0};
    if (!command)
        return read_refuse_command(s, offset, cmd);
    struct change statement = *change;
    struct statement_def *def = arena_alloc(arena, sizeof *def);
    *def = (struct statement_def){
        .what = "ALTER TABLE",
        .place = STATEMENT_CONTRACT,
        .object = OBJECT_TABLE,
        .verb = VERB_ALTER,
        .lock = command->lock,
        .rewrites = command->rewrites,
        .fills = command->rewrites != NULL,
        .until_type = command->until_type,
        .clause = sql_edit_print(arena, &s->text, slice.first, slice.last, &none),
    };
    if (command->column) {
        size_t name = slice.first + (parse_token_is(&s->text, slice.first + 1, "column") ? 2 : 1);
        def->column_head = sql_edit_print(arena, &s->text, name + 1, slice.last, &none);
    } else {
        /* The name of a trigger, an index, a tablespace or a method is in the clause. */
        statement.object = statement.column;
        statement.column = NULL;
    }
    statement.kind = CHANGE_STATEMENT;
    statement.statement = def;
    read_push(s, list, PASS_OTHER, &statement);
    return true;
}
