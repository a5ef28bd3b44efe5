/*
 * What is known of each tool: its table as it makes it, and the row that it would have written. Columns that are left out are
 * those that it leaves to their default or to NULL. Each row names where this stands in the tool's own source.
 */
#include <string.h>

#include "base/text.h"
#include "postgres/planner/marks.h"

/*
 * Flyway 5 to 13 (flyway-database-postgresql/…/PostgreSQLDatabase.java, getRawCreateScript; flyway-core/…/JdbcTableSchemaHistory.java,
 * doAddAppliedMigration). `validate`, which `migrate` runs first, takes a checksum of NULL for a difference up to 10.17.1
 * (…/info/MigrationInfoImpl.java, …/resolver/ResolvedMigrationImpl.java, checksumMatches), so that the checksum is computed: CRC-32 of the
 * file's lines without their ends, as a signed integer (…/resolver/ChecksumCalculator.java). A version above all that it has files of is
 * ignored (`*:future`); one below them stops it (…/schemahistory/BaseAppliedMigration.java, getMissingState).
 */
static const struct mark_tool flyway = {
    .word = "flyway",
    .tables = {{.name = "flyway_schema_history",
                .columns = {{"installed_rank", "int4",
                             "coalesce((SELECT max(installed_rank) FROM {table}), 0) + 1"},
                            {"version", "varchar", "{version}"},
                            {"description", "varchar", "{description}"},
                            {"type", "varchar", "'SQL'"},
                            {"script", "varchar", "{script}"},
                            {"checksum", "int4", "{checksum}"},
                            {"installed_by", "varchar", "current_user"},
                            {"execution_time", "int4", "0"},
                            {"success", "bool", "true"}},
                .key = "version = {version} AND success"}},
    .form = MARK_NUMBERS,
    .form_said = "a number, or numbers with points between: 7, 7.1",
    .needs_file = true,
    .question = {"SELECT count(*) FROM {table} WHERE NOT success", "holds a migration that failed",
                 "mend what it left, then flyway repair"},
    .meanwhile =
        "flyway of the old version, should it boot meanwhile, goes on only if this is the highest version",
};

/*
 * Liquibase 4 and 5 (liquibase-standard/…/CreateDatabaseChangeLogTableGenerator.java, MarkChangeSetRanGenerator.java). An MD5SUM of NULL is
 * no difference (…/changelog/ChangeSet.java, isCheckSumValid) and filled in by the next update (…/changelog/AbstractChangeLogHistoryService.java,
 * upgradeChecksums).
 */
static const struct mark_tool liquibase = {
    .word = "liquibase",
    .tables =
        {{.name = "databasechangelog",
          .columns =
              {{"id", "varchar", "split_part({version}, '::', 2)"},
               {"author", "varchar", "split_part({version}, '::', 3)"},
               {"filename", "varchar", "split_part({version}, '::', 1)"},
               {"dateexecuted", "timestamp timestamptz", "now()"},
               {"orderexecuted", "int4", "coalesce((SELECT max(orderexecuted) FROM {table}), 0) + 1"},
               {"exectype", "varchar", "'EXECUTED'"},
               {"md5sum", "varchar", "NULL"},
               {"description", "varchar", "left({description}, 250)"},
               {"comments", "varchar", "''"},
               {"liquibase", "varchar",
                "(SELECT max(liquibase) FROM {table} WHERE orderexecuted = (SELECT max(orderexecuted) FROM {table}))"}},
          .key = "id = split_part({version}, '::', 2) AND author = split_part({version}, '::', 3)"
                 " AND filename = split_part({version}, '::', 1)"}},
    .form = MARK_CHANGESET,
    .form_said = "file::id::author, as liquibase writes a change set",
};

/* Rails 7 (activerecord/lib/active_record/schema_migration.rb, create_table). */
static const struct mark_tool rails = {
    .word = "rails",
    .tables = {{.name = "schema_migrations",
                .columns = {{"version", "varchar text", "{version}"}},
                .key = "version = {version}"}},
    .form = MARK_DIGITS,
    .form_said = "the digits at the beginning of the file's name",
};

/* Django (django/db/migrations/recorder.py, MigrationRecorder.Migration; loader.py skips what it does not know). */
static const struct mark_tool django = {
    .word = "django",
    .tables =
        {{.name = "django_migrations",
          .columns = {{"app", "varchar", "split_part({version}, '.', 1)"},
                      {"name", "varchar", "substr({version}, strpos({version}, '.') + 1)"},
                      {"applied", "timestamptz timestamp", "now()"}},
          .key =
              "app = split_part({version}, '.', 1) AND name = substr({version}, strpos({version}, '.') + 1)"}},
    .form = MARK_APP,
    .form_said = "app.name: shop.0007_full_name",
};

/* Alembic 1 (alembic/ddl/impl.py, version_table_impl; alembic/runtime/migration.py, HeadMaintainer): one row for each head. */
static const struct mark_tool alembic = {
    .word = "alembic",
    .tables = {{.name = "alembic_version",
                .columns = {{"version_num", "varchar text", "{version}"}},
                .key = "version_num = {version}"}},
    .replaces = true,
    .meanwhile =
        "alembic of the old version, should it boot meanwhile, says that it cannot locate the revision",
};

/* Entity Framework Core (src/EFCore.Relational/Migrations/HistoryRepository.cs, ConfigureTable; Internal/Migrator.cs); … */
static const struct mark_tool entity_framework = {
    .word = "ef",
    .tables =
        {{.name = "__EFMigrationsHistory",
          .columns =
              {{"MigrationId", "varchar text", "{version}"},
               {"ProductVersion", "varchar text",
                "coalesce((SELECT \"ProductVersion\" FROM {table} ORDER BY \"MigrationId\" DESC LIMIT 1), 'unknown')"}},
          .key = "\"MigrationId\" = {version}"}},
};

/* … and with names in snake case, as UseSnakeCaseNamingConvention of the package EFCore.NamingConventions makes them. */
static const struct mark_tool entity_framework_snake = {
    .word = "ef",
    .tables =
        {{.name = "__EFMigrationsHistory",
          .columns =
              {{"migration_id", "varchar text", "{version}"},
               {"product_version", "varchar text",
                "coalesce((SELECT product_version FROM {table} ORDER BY migration_id DESC LIMIT 1), 'unknown')"}},
          .key = "migration_id = {version}"}},
};

/*
 * Prisma (prisma-engines, schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs, create_migrations_table; what counts as
 * applied or failed: schema-engine/core/src/commands/apply_migrations.rs). The checksum is the SHA-256 of migration.sql, in hexadecimal
 * (schema-engine/connectors/schema-connector/src/checksum.rs).
 */
static const struct mark_tool prisma = {
    .word = "prisma",
    .tables = {{.name = "_prisma_migrations",
                .columns = {{"id", "varchar text", "gen_random_uuid()::text"},
                            {"checksum", "varchar text", "{sha256}"},
                            {"finished_at", "timestamptz", "now()"},
                            {"migration_name", "varchar text", "{version}"},
                            {"started_at", "timestamptz", "now()"},
                            {"applied_steps_count", "int4", "1"}},
                .key = "migration_name = {version} AND finished_at IS NOT NULL AND rolled_back_at IS NULL"}},
    .needs_file = true,
    .question = {"SELECT count(*) FROM {table} WHERE finished_at IS NULL AND rolled_back_at IS NULL",
                 "holds a migration that failed", "mend what it left, then prisma migrate resolve"},
};

/* Knex 3 (lib/migrations/migrate/table-creator.js, _createMigrationTable; Migrator.js, _latestBatchNumber, validateMigrationList). */
static const struct mark_tool knex = {
    .word = "knex",
    .tables = {{.name = "knex_migrations",
                .columns = {{"name", "varchar", "{version}"},
                            {"batch", "int4", "coalesce((SELECT max(batch) FROM {table}), 0) + 1"},
                            {"migration_time", "timestamptz timestamp", "now()"}},
                .key = "name = {version}"}},
    .meanwhile =
        "knex of the old version, should it boot meanwhile, says that the migration's file is missing",
};

/* Sequelize (its cli, src/helpers/umzug-helper.js, with umzug 2, src/storages/SequelizeStorage.js; umzug 3, src/storage/sequelize.ts). */
static const struct mark_tool sequelize = {
    .word = "sequelize",
    .tables = {{.name = "SequelizeMeta",
                .columns = {{"name", "varchar", "{version}"}},
                .key = "name = {version}"}},
};

/*
 * TypeORM (src/migration/MigrationExecutor.ts, createMigrationsTableIfNotExist; getMigrations reads the time from the name; the types:
 * src/driver/postgres/PostgresDriver.ts, mappedDataTypes).
 */
static const struct mark_tool typeorm = {
    .word = "typeorm",
    .tables = {{.name = "migrations",
                .columns = {{"timestamp", "int8", "right({version}, 13)::bigint"},
                            {"name", "varchar", "{version}"}},
                .key = "name = {version}"}},
    .form = MARK_STAMPED,
    .form_said = "the migration's class, which ends in 13 digits",
};

/* golang-migrate 4 (database/postgres/postgres.go, ensureVersionTable, SetVersion; migrate.go, versionExists): one row. */
static const struct mark_tool golang_migrate = {
    .word = "golang-migrate",
    .tables = {{.name = "schema_migrations",
                .columns = {{"version", "int8", "{version}::bigint"}, {"dirty", "bool", "false"}},
                .key = "version = {version}::bigint"}},
    .form = MARK_DIGITS,
    .form_said = "the digits at the beginning of the file's name",
    .replaces = true,
    .question = {"SELECT count(*) FROM {table} WHERE dirty",
                 "is dirty: a migration of golang-migrate has failed half way",
                 "mend what it left, then migrate force VERSION"},
    .meanwhile =
        "golang-migrate of the old version, should it boot meanwhile, says that there is no migration for the version",
};

/* dbmate 2 (pkg/driver/postgres/postgres.go, CreateMigrationsTable, InsertMigration). */
static const struct mark_tool dbmate = {
    .word = "dbmate",
    .tables = {{.name = "schema_migrations",
                .columns = {{"version", "varchar", "{version}"}},
                .key = "version = {version}"}},
    .form = MARK_DIGITS,
    .form_said = "the digits at the beginning of the file's name",
};

/*
 * Sqitch 1 (lib/App/Sqitch/Engine/pg.sql, the registry; lib/App/Sqitch/Role/DBIEngine.pm, log_deploy_change; Engine.pm, _sync_plan). A change
 * is known by its id, which only the whole plan gives; sqitch plan prints it. What the change requires is not
 * written: that matters to sqitch revert only.
 */
static const struct mark_tool sqitch = {
    .word = "sqitch",
    .schema = "sqitch",
    .tables = {{.name = "changes",
                .columns = {{"change_id", "text", "{version}"},
                            {"change", "text", "{description}"},
                            {"project", "text", "(SELECT project FROM {schema}.projects)"},
                            {"committer_name", "text", "session_user"},
                            {"committer_email", "text", "''"},
                            {"planned_at", "timestamptz", "now()"},
                            {"planner_name", "text", "session_user"},
                            {"planner_email", "text", "''"}},
                .key = "change_id = {version}"},
               {.name = "events",
                .columns = {{"event", "text", "'deploy'"},
                            {"change_id", "text", "{version}"},
                            {"change", "text", "{description}"},
                            {"project", "text", "(SELECT project FROM {schema}.projects)"},
                            {"committer_name", "text", "session_user"},
                            {"committer_email", "text", "''"},
                            {"planned_at", "timestamptz", "now()"},
                            {"planner_name", "text", "session_user"},
                            {"planner_email", "text", "''"}},
                .key = "change_id = {version} AND event = 'deploy'"}},
    .form = MARK_SHA1,
    .form_said = "the change's id, 40 hexadecimal digits, and its name as the description",
    .question = {"SELECT abs(count(*) - 1) FROM {schema}.projects",
                 "cannot be marked: sqitch has not exactly one project in this database",
                 "sqitch deploy --log-only for this change, when both versions are live"},
    .meanwhile = "sqitch of the old version, should it deploy meanwhile, says that it cannot find the change",
};

/* Diesel 2 (diesel/src/migration/setup_migration_table.sql; diesel_migrations/migrations_internals/src/lib.rs, version_from_string). */
static const struct mark_tool diesel = {
    .word = "diesel",
    .tables = {{.name = "__diesel_schema_migrations",
                .columns = {{"version", "varchar", "{version}"}},
                .key = "version = {version}"}},
    .form = MARK_DIGITS,
    .form_said = "the digits at the beginning of the folder's name, without dashes",
};

/* Ecto SQL 3 (lib/ecto/migration/schema_migration.ex, ensure_schema_migrations_table!; times are UTC). */
static const struct mark_tool ecto = {
    .word = "ecto",
    .tables = {{.name = "schema_migrations",
                .columns = {{"version", "int8", "{version}::bigint"},
                            {"inserted_at", "timestamp", "now() AT TIME ZONE 'UTC'"}},
                .key = "version = {version}::bigint"}},
    .form = MARK_DIGITS,
    .form_said = "the digits at the beginning of the file's name",
};

static const struct mark_tool *const tools[] = {
    &flyway, &liquibase, &rails,     &django,  &alembic,        &entity_framework, &entity_framework_snake,
    &prisma, &knex,      &sequelize, &typeorm, &golang_migrate, &dbmate,           &sqitch,
    &diesel, &ecto};

const struct mark_tool *mark_tool_next(const char *word, size_t *at)
{
    while (*at < SEGUE_COUNT(tools)) {
        const struct mark_tool *tool = tools[(*at)++];
        if (strcmp(tool->word, word) == 0)
            return tool;
    }
    return NULL;
}

const char *mark_tool_words(struct arena *arena)
{
    SEGUE_CLEANUP(text_free) struct text words = {0};
    for (size_t i = 0; i < SEGUE_COUNT(tools); i++)
        if (i == 0 || strcmp(tools[i]->word, tools[i - 1]->word) != 0)
            text_printf(&words, "%s%s", words.length ? ", " : "", tools[i]->word);
    return arena_strdup(arena, text_string(&words));
}
