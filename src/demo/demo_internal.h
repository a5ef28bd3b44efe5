/* The demo's parts: the database it works on, and the acts it consists of. */
#ifndef SEGUE_DEMO_DEMO_INTERNAL_H
#define SEGUE_DEMO_DEMO_INTERNAL_H

#include "base/arena.h"
#include "base/text.h"
#include "demo/demo.h"
#include "demo/view.h"
#include "drive/drive.h"
#include "run/run.h"
#include "server/server.h"

struct demo {
    const struct demo_options *options;
    struct demo_figures *figures;
    struct arena *arena;
    struct server *server;
    struct view *view;
    const char *url, *twin_url; /* the shop, and the shop that psql migrates */
    const char *migration;      /* path of the file */
    char server_version[64];    /* "PostgreSQL 15.20" */
    struct text before;         /* dump of the schema before the migration */
    struct text plan;           /* for a person */
    struct text differences;

    struct drive *drive; /* NULL: no traffic */
    int64_t traffic_began_us;
    struct drive_report traffic; /* once the traffic is over */
    double backfill_seconds;     /* spent in walks that fill */
};

/* demo_database.c: the shop is made, filled, and its schema noted. */
bool demo_make_shop(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;
/* The schema now against what it should be: that of a twin where psql ran the file, or after a rollback that before. */
bool demo_compare_schema(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;

/* demo_traffic.c: the old version's traffic begins and is measured while nothing else happens. */
bool demo_baseline(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;
/* Both versions work side by side; then the one that is to go ends. */
bool demo_overlap(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;
/* The version that stays goes on, and its traffic ends; the figures of both are taken. */
bool demo_aftermath(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;
/* Ends the traffic when there is some, and takes its figures. */
void demo_end_traffic(struct demo *demo);

/* demo_migrate.c */
bool demo_start_migration(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;
/* complete or rollback */
bool demo_finish_migration(struct demo *demo, struct error *err) SEGUE_MUST_CHECK;

/* demo_summary.c: what came out, in some lines; of a demo that did not reach its end only what the traffic found. */
void demo_summary(const struct demo *demo, bool played, struct text *out);

#endif
