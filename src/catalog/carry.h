/*
 * What hangs on a table and must be made again when its rows move into a new one, as sql/carry.sql tells it, for tables that may
 * be rebuilt. The server makes it again by itself (sql/rebuild.sql); the planner must know whether it can be done, what is
 * locked meanwhile, and what to tell.
 */
#ifndef SEGUE_CATALOG_CARRY_H
#define SEGUE_CATALOG_CARRY_H

#include "catalog/catalog.h"

/* How the changes of a table are captured while its rows move. */
enum capture_wish {
    CAPTURE_AUTO,    /* from the log where that can be done */
    CAPTURE_TRIGGER, /* by triggers */
    CAPTURE_DECODING /* from the log; by triggers where that cannot be done */
};

struct carry {
    const char **obstacles; /* reasons why it cannot be done, each to be read after the table's name */
    size_t n_obstacles;
    const char **locks; /* other tables that the swap locks, quoted and qualified */
    size_t n_locks;
    const char **
        scanned; /* tables, itself too, that are read at the end for keys and statistics, quoted and qualified */
    size_t n_scanned;
    const char **referred; /* tables that such keys point to, quoted and qualified */
    size_t n_referred;
    const char **views; /* that rest on it and are made again, quoted and qualified */
    size_t n_views;
    const char **sequences; /* of its columns, quoted and qualified */
    size_t n_sequences;
    const char *
        *identities; /* those of them that go with the old table, because an identity's is made anew */
    size_t n_identities;
    size_t n_indexes, n_keys; /* how many are made again: indexes, foreign keys of the table and to it */
    /* What the choice hangs on. */
    bool wanted;         /* whatever it costs */
    int64_t total_bytes; /* the table with its indexes */
    int64_t free_bytes;  /* where its files are; -1: not known, as on another machine */
    enum capture_wish capture;
    const char *slot; /* what the name of a replication slot begins with; NULL: was not asked for */
    const char
        *unlogged; /* why changes cannot be read from the log; NULL: nothing is known that keeps from it */
    char identity; /* pg_class.relreplident */
    const char **identity_columns; /* bare names */
    size_t n_identity_columns;
    double writes_per_second; /* rows, on average since the server began to count */
};

/* From the JSON, without what the choice hangs on; in the arena. */
bool carry_from_json(struct arena *arena, const char *json, struct carry **out,
                     struct error *err) SEGUE_MUST_CHECK;

#endif
