/*
 * A rehearsal: a migration carried out for real on a copy of a database, forth and back, quietly and under traffic, so that what it does
 * and how long it takes is known before it runs where it matters. The database that is copied is only read; the copy is on a throwaway
 * server of the rehearsal's own, or in databases of its own on a server that is given, and goes with it.
 *
 * It promises that what it reports was measured, or says what a figure rests on. It does not promise that the target is as fast as the
 * machine that the rehearsal runs on.
 */
#ifndef SEGUE_REHEARSE_REHEARSE_H
#define SEGUE_REHEARSE_REHEARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "document/document.h"
#include "engine/engine.h"
#include "run/run.h"

enum rehearse_traffic {
    TRAFFIC_NONE,
    TRAFFIC_DRIVE, /* made up from the schema, for both versions (drive/drive.h) */
    TRAFFIC_RECORDED /* statements of the target's or of a file, as the old version asks them (rehearse/replay.h) */
};

struct rehearse_settings {
    const struct engine *engine;
    const char *url;    /* the database that is copied; NULL: the engine's own environment */
    const char *schema; /* that is changed */
    const char *file;   /* the migration */
    const char *dump;   /* a file of pg_dump's, SQL or an archive, in place of the database; or NULL */
    double percent;     /* of the rows of large tables; 100: all */
    const struct scrub_rule *rules;
    size_t n_rules;
    const char *statements; /* SQL in place of what the target has recorded; or NULL */
    const char *statements_path;
    const char *pg_bin; /* as in server_options */
    const char *on;     /* a server on which the copy is made, as a URL; NULL: a throwaway one */
    enum rehearse_traffic traffic;
    double seconds; /* of traffic while both versions are live, and on each side of that */
    enum strategy strategy;
    enum capture_wish capture;
    int jobs;
    void (*say)(void *context, const char *line); /* what goes on; may be NULL */
    /* Returns when the copy is no longer looked at; or NULL. where: for people to connect to, without secrets. */
    void (*keep)(void *context, const char *where);
    void *context;
};

/* Rehearses. *clean: nothing was found that must not be. The document lives in the arena. ERROR_REFUSED, ERROR_USAGE, ERROR_INTERRUPTED,
 * or whatever a server or program said; nothing is left behind in any case. It forks, so it is called before the caller has threads. */
bool rehearse(const struct rehearse_settings *settings, struct arena *arena, struct document **out,
              bool *clean, struct error *err) SEGUE_MUST_CHECK;

#endif
