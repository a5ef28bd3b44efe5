/* What the files of the comparer share. */
#ifndef SEGUE_GATEWAY_COMPARER_INTERNAL_H
#define SEGUE_GATEWAY_COMPARER_INTERNAL_H

#include "compare/answer.h"
#include "gateway/comparer.h"
#include "gateway/seen.h"
#include "gateway/texts.h"

enum {
    QUEUE_MAX = 256,  /* samples that wait */
    PAIRS_MAX = 4,    /* search paths of roles for which sessions stay open */
    LEDGER_MAX = 1024 /* statements whose comparisons are told one by one */
};

/* A statement as a client asked it. */
struct sample {
    struct statement *statement; /* held */
    char role[ROLE_MAX];
    bool simple;
    size_t n_bind;
    char bind[];
};

/* A text as the new version is asked it. */
struct named_text {
    uint64_t hash;
    struct translation translation;
    const char *shown; /* without values; NULL: it is not translated, or there is none that may be shown */
};

/* What two versions call their tables and columns, for one search path, and statements that were translated. */
struct names {
    struct arena *arena; /* NULL: nothing was read yet */
    struct name_map map;
    struct named_text **buckets;
    size_t bytes;
    int64_t read_us;
};

/* Sessions with the search path of a role on both versions. */
struct pair {
    char *path, *new_path;
    struct names names;
    struct session *current, *new,
        *again;    /* again: the current version once more, opened when it is needed */
    uint64_t used; /* turn of the last use */
};

/* Why a statement could not be compared. */
enum skip {
    SKIP_ROLE,   /* the gateway's role may not act as the client's */
    SKIP_FAILED, /* a time limit, a lock, resources: the comparison failed, not the statement */
    SKIP_LONG,   /* more rows than are compared */
    SKIP_ROUTE,  /* no search path */
    SKIPS
};

/* What came of a comparison. */
struct finding {
    const struct known_text *text;
    const char *role;
    const struct version *version;
    const struct answer_difference *difference; /* NULL: there is none */
    bool by_itself;
    const struct named_text *named;
};

struct ledger_entry {
    const char *fingerprint, *text, *role;
    const struct version *version;
    const char *kind, *what; /* of the last difference; NULL: there was none */
    const char *translated;  /* as the new version was asked it last; NULL: as it is */
    uint64_t compared, differed, by_itself;
    bool changed;
    int64_t told_us; /* when the log was told */
};

/* What was compared of a version lately: the window is between half and all of its length. */
struct lately {
    int64_t turned_us;
    unsigned compared[2], differed[2]; /* in the present half and in the one before */
};

struct comparer {
    struct shared *shared;
    const struct gateway_settings *settings; /* of the beginning */
    pthread_t thread;
    pthread_mutex_t lock; /* over the queue and stop */
    pthread_cond_t wake;
    struct sample *queue[QUEUE_MAX]; /* a ring */
    size_t first, n;
    bool stop;
    atomic_bool comparing; /* both versions are live, and samples are wanted */
    struct seen *seen;     /* by the numbers of workers */
    uint64_t *random;      /* likewise: each is its worker's own */
    size_t n_workers;

    /* The thread's own. */
    struct session *session; /* that writes what was found */
    bool keeps;              /* it may write the statements, */
    bool notes;              /* and what was found */
    struct texts texts;
    struct pair pairs[PAIRS_MAX];
    uint64_t turn, ticks;
    struct arena *arena; /* of the ledger */
    struct ledger_entry *ledger;
    size_t n_ledger;
    struct lately lately[VERSIONS_MAX];
    uint64_t salt;
    const char **ignored;
    size_t n_ignored;

    /* Written by the thread, read by all. */
    struct {
        atomic_ullong same, differ, by_itself, translated;
    } versions[VERSIONS_MAX];
    atomic_ullong skipped[SKIPS];
    atomic_ullong dropped;            /* by workers as well */
    atomic_ullong unkept, kept_calls; /* calls of statements that were not kept, and that were */
};

/* comparer_take.c */
void sample_release(struct sample *sample);

/* comparer_ask.c */
/* A session of the role that asks, with that search path or its own. */
bool comparer_open(const struct comparer *comparer, const char *path, struct session **out,
                   struct error *err);
/* Asks both versions, and notes what came of it. False: sessions are gone. */
bool comparer_compare(struct comparer *comparer, const struct sample *sample, struct error *err);
void comparer_close_pairs(struct comparer *comparer);

/* comparer_ledger.c */
void ledger_note(struct comparer *comparer, const struct finding *finding);
/* Writes what has changed to the database. */
bool ledger_write(struct comparer *comparer, struct error *err);

/* comparer_names.c */
/* Reads them when they are not known or too old; what was translated is forgotten then. */
bool names_read(struct names *names, const struct compare_engine *engine,
                const struct compared_versions *versions, struct error *err);
/* Valid until names are read again. `normal`: the statement without its values, or NULL. */
const struct named_text *names_of(struct names *names, const struct compare_engine *engine,
                                  const struct statement *statement, const char *normal);
/* Columns of what the new version answered get the names that the statement has for them. */
void names_rename(const struct named_text *named, struct answer *answer);
void names_free(struct names *names);

/* comparer_keep.c: takes what the workers have seen, and writes it to the database. */
bool comparer_keep(struct comparer *comparer, struct error *err);

#endif
