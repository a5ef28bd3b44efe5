#include "demo/demo.h"

#include <stdio.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/must.h"
#include "demo/demo_internal.h"
#include "demo/report.h"
#include "sql.h"

/* A small machine's server with its default durability: what commits is on the disk, as it would be anywhere else. */
static const char *const server_settings[] = {
    "shared_buffers = 256MB",     "min_wal_size = 1GB",   "max_wal_size = 4GB",
    "checkpoint_timeout = 30min", "max_connections = 50",
};

static bool start_server(struct demo *demo, struct error *err)
{
    const struct server_options options = {
        .pg_bin = demo->options->pg_bin,
        .label = "segue-demo",
        .settings = server_settings,
        .n_settings = SEGUE_COUNT(server_settings),
    };
    view_begin(demo->view, DEMO_SERVER);
    if (!server_start(&options, &demo->server, err))
        return false;
    view_animate(demo->view);
    view_begin(demo->view, DEMO_LOAD);
    return true;
}

static bool play(struct demo *demo, struct error *err)
{
    return start_server(demo, err) && demo_make_shop(demo, err) && demo_baseline(demo, err) &&
           demo_start_migration(demo, err) && demo_overlap(demo, err) && demo_finish_migration(demo, err) &&
           demo_aftermath(demo, err) && demo_compare_schema(demo, err);
}

static bool write_report(const struct demo *demo, struct error *err)
{
    char when[64];
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
    const struct demo_report report = {
        .figures = demo->figures,
        .traffic = &demo->traffic,
        .traffic_began_us = demo->traffic_began_us,
        .server = demo->server_version,
        .when = when,
        .migration = sql_0001_full_name,
        .plan = text_string(&demo->plan),
        .schema_differences = text_string(&demo->differences),
    };
    return demo->options->report == NULL || report_write(&report, demo->options->report, err);
}

bool demo_run(const struct demo_options *options, struct demo_figures *figures, struct text *summary,
              struct error *err)
{
    const struct view_options view = {.out = options->out, .live = options->live, .color = options->color};
    struct demo demo = {.options = options, .figures = figures, .arena = arena_new()};
    figures_init(figures, options->rollback);
    figures->rows = options->rows;
    demo.view = view_open(&view, figures);
    view_title(demo.view, "segue demo");
    bool played = play(&demo, err);
    /* In any case, and in this order: the traffic goes before the server does. An interrupt has been heard by now. */
    interrupt_reset();
    demo_end_traffic(&demo);
    view_close(demo.view);
    server_stop(demo.server);
    played = played && write_report(&demo, err);
    demo_summary(&demo, played, summary);
    text_free(&demo.before);
    text_free(&demo.plan);
    text_free(&demo.differences);
    arena_free(demo.arena);
    return played;
}
