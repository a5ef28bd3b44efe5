/* The demo's databases: the shop, and the twin that shows what the plain SQL makes of it. */

#include <stdio.h>

#include "demo/demo_internal.h"
#include "demo/numbers.h"
#include "demo/shop.h"
#include "server/process.h"
#include "server/schema_diff.h"
#include "sql.h"

/* WAL segments that a demo uses, measured: one for each 30,000 orders, and what the traffic writes. */
enum { FEWEST_SEGMENTS = 10, ROWS_PER_SEGMENT = 25000, MOST_SEGMENTS = 60 };

/* The application and segue work as an ordinary role that owns the database: no superuser is needed. */
static const char make_role[] = "CREATE ROLE shop LOGIN";
static const char make_database[] = "CREATE DATABASE shop OWNER shop";
static const char make_twin[] = "CREATE DATABASE shop_twin OWNER shop";

static bool open_session(const struct demo *demo, const char *url, struct session **session,
                         struct error *err)
{
    const struct session_settings settings = {
        .url = url, .application_name = "segue demo", .cancel_with_client = true};
    return demo->options->engine->open(&settings, session, err);
}

/* Statements for the server as a whole, as its superuser; each on its own, for CREATE DATABASE runs in no transaction. */
static bool as_superuser(const struct demo *demo, const char *const *statements, size_t n, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!open_session(demo, server_url(demo->server, demo->arena, "postgres", "postgres"), &session, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!session_run(session, statements[i], err))
            return false;
    }
    return true;
}

static void show_progress(void *context, long done, long total)
{
    const struct demo *demo = context;
    double seconds = demo_phase_seconds(&demo->figures->phases[DEMO_LOAD]);
    view_progress(demo->view, (double)done, (double)total, seconds > 0 ? (double)done / seconds : 0, "rows");
}

static bool read_version(struct demo *demo, struct session *session, struct error *err)
{
    char version[48];
    char orders[NUMBER_SIZE];
    bool null = false;
    if (!session_value(session, "SELECT split_part(current_setting('server_version'), ' ', 1)", 0, NULL,
                       version, sizeof version, &null, err))
        return false;
    snprintf(demo->server_version, sizeof demo->server_version, "PostgreSQL %s", version);
    view_title(demo->view, "segue demo · %s · %s orders", demo->server_version,
               number_count((double)demo->options->rows, orders));
    return true;
}

/*
 * A new server stalls all commits whenever it makes a segment of WAL (16 MB of zeros, written and synced under the lock that
 * every commit needs); one that has run for a while goes on with old segments. So that the demo shows a server as it is in its
 * everyday life, as many segments as it will use are made beforehand, and a checkpoint turns them into old ones.
 */
static bool settle(const struct demo *demo, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    char segments[24];
    const char *values[] = {segments};
    long wanted = FEWEST_SEGMENTS + demo->options->rows / ROWS_PER_SEGMENT;
    (void)snprintf(segments, sizeof segments, "%ld", wanted < MOST_SEGMENTS ? wanted : MOST_SEGMENTS);
    view_doing(demo->view, "make WAL segments, checkpoint");
    return open_session(demo, server_url(demo->server, demo->arena, "postgres", "postgres"), &session, err) &&
           session_query(session, sql_demo_wal_segments, 1, values, NULL, err) &&
           session_run(session, "CHECKPOINT", err);
}

bool demo_make_shop(struct demo *demo, struct error *err)
{
    static const char *const statements[] = {make_role, make_database};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    demo->url = server_url(demo->server, demo->arena, "shop", "shop");
    return as_superuser(demo, statements, SEGUE_COUNT(statements), err) &&
           open_session(demo, demo->url, &session, err) && read_version(demo, session, err) &&
           shop_create(session, err) &&
           schema_dump(server_client(demo->server, demo->arena, "pg_dump"), demo->url, NULL, "public",
                       &demo->before, err) &&
           shop_load(session, demo->options->rows, show_progress, demo, err) && settle(demo, err) &&
           shop_write_migration(server_folder(demo->server), demo->arena, &demo->migration, err);
}

static bool run_file_with_psql(const struct demo *demo, struct error *err)
{
    const char *argv[] = {server_client(demo->server, demo->arena, "psql"),
                          "--no-psqlrc",
                          "--quiet",
                          "--set=ON_ERROR_STOP=1",
                          "--dbname",
                          demo->twin_url,
                          "--file",
                          demo->migration,
                          NULL};
    return process_run(argv, NULL, err);
}

/* An empty shop in which psql has run the migration file: what the file means. */
static bool make_twin_shop(struct demo *demo, struct error *err)
{
    static const char *const statements[] = {make_twin};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    demo->twin_url = server_url(demo->server, demo->arena, "shop_twin", "shop");
    return as_superuser(demo, statements, SEGUE_COUNT(statements), err) &&
           open_session(demo, demo->twin_url, &session, err) && shop_create(session, err) &&
           run_file_with_psql(demo, err);
}

bool demo_compare_schema(struct demo *demo, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text wanted = {0};
    SEGUE_CLEANUP(text_free) struct text found = {0};
    const char *pg_dump = server_client(demo->server, demo->arena, "pg_dump");
    view_begin(demo->view, DEMO_COMPARE);
    if (demo->options->rollback)
        text_append(&wanted, text_string(&demo->before));
    else if (!make_twin_shop(demo, err) ||
             !schema_dump(pg_dump, demo->twin_url, NULL, "public", &wanted, err))
        return false;
    if (!schema_dump(pg_dump, demo->url, NULL, "public", &found, err))
        return false;
    demo->figures->schema_diff_lines =
        schema_diff(text_string(&wanted), text_string(&found), &demo->differences);
    view_remark(demo->view, DEMO_COMPARE, "%zu lines differ", demo->figures->schema_diff_lines);
    view_end(demo->view, demo->figures->schema_diff_lines == 0);
    return true;
}
