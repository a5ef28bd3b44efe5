/*
 * What a server tells of the tables of a plan and of itself, for people who must decide whether and when to run it. Nothing here
 * changes a plan. Everything may be missing: the role may not see it, or the server does not know; then there is a reason in
 * words. Strings and lists are in the arena of the caller.
 */
#ifndef SEGUE_ENGINE_FACTS_H
#define SEGUE_ENGINE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

/* What happens to a table in a second, on average. */
struct table_rates {
    bool known;
    double seconds; /* how long was counted */
    double scans;   /* reads of the table or of an index of it */
    double rows_read;
    double inserts, updates, deletes; /* rows */
};

struct column_facts {
    const char *name, *type;
    bool analyzed;     /* otherwise only what is above is known */
    double null_share; /* of the rows */
    double distinct;   /* values */
    bool key;          /* an index begins with it, or it points to another table */
    double hot_share;  /* of the rows that have its most frequent value; 0: none is frequent */
    const char *hot;   /* of a key that is no text, that value; or NULL */
};

struct part_facts {
    const char *name;
    double rows; /* below 0: never counted */
    double bytes;
    double writes, scans; /* a second */
};

struct table_facts {
    const char *relation; /* quoted, qualified */
    bool there;
    const char *why;   /* not there, or not to be measured; or NULL */
    bool measured;     /* the sizes are known */
    double rows;       /* as of the last ANALYZE or VACUUM; below 0: never counted */
    double live, dead; /* rows, as the server counts along */
    double table_bytes, index_bytes, total_bytes;
    double heap_bytes; /* of table_bytes, without values that are stored apart */
    int n_indexes;
    const char *analyzed_at; /* ISO 8601, or NULL: never */
    double free_bytes;       /* where its files are; below 0: not known */
    struct table_rates since, now;
    struct column_facts *columns;
    size_t n_columns;
    struct part_facts *parts; /* of a partitioned table, the most written first */
    size_t n_parts;
};

/* A session with a transaction, or with a lock on one of the tables. Literals of its query are left out. */
struct session_facts {
    int pid;
    double seconds;                                 /* of its transaction; below 0: hidden */
    const char *user, *application, *state, *query; /* NULL: hidden */
    const char *relation, *mode;                    /* of a lock */
    bool granted;
};

/* An earlier backfill in this database. */
struct walk_facts {
    const char *migration, *step;
    bool copied; /* into a new table; else in place */
    double rows, seconds;
};

/* What could not be seen. */
struct blind_spot {
    const char *what, *why;
};

struct server_facts {
    bool known;
    const char *version, *database, *user, *address; /* address: or NULL, through a socket of the machine */
    const char *at;                                  /* when all this was read; ISO 8601 */
    double counted_seconds;                          /* for which its statistics of use count */
    const char *counted_since;
    const char *wal_level;
    double max_wal_bytes;
    double wal_per_second; /* now; below 0: not known */
    int standbys, slots;
    double slot_bytes;     /* of log that slots keep */
    int sessions, at_work; /* others, and those of them that run a statement */
    int hidden;            /* others of which nothing more is to be seen */
};

struct facts {
    struct server_facts server;
    struct table_facts *tables;
    size_t n_tables;
    struct session_facts *transactions; /* the longest */
    size_t n_transactions;
    bool transactions_known;
    struct session_facts *holders; /* of locks on the tables */
    size_t n_holders;
    bool holders_known;
    struct walk_facts *walks; /* the latest first */
    size_t n_walks;
    struct blind_spot *blind;
    size_t n_blind;
};

#endif
