/* What shadow writes ask of an engine: what statements do, and a second database in which transactions are done again, each once. */
#ifndef SEGUE_ENGINE_SHADOW_H
#define SEGUE_ENGINE_SHADOW_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/gateway.h"
#include "shadow/record.h"

/* --- What a statement does --- */

/* What it does to its transaction, or to what the session has prepared by SQL. */
enum shadow_control {
    SHADOW_NO_CONTROL,
    SHADOW_BEGIN,
    SHADOW_COMMIT,
    SHADOW_ROLLBACK,
    SHADOW_SAVEPOINT, /* these three: of a name */
    SHADOW_RELEASE,
    SHADOW_ROLLBACK_TO,
    SHADOW_TWO_PHASE, /* the transaction is handed to whoever commits it by its name */
    SHADOW_PREPARE,   /* these three: of a name; DEALLOCATE's is NULL when it means all */
    SHADOW_EXECUTE,
    SHADOW_DEALLOCATE,
    SHADOW_DISCARD_ALL
};

enum shadow_does {
    SHADOW_WRITES = 1,     /* what it changes others see */
    SHADOW_SUPPORTS = 2,   /* what is written behind it in its transaction may depend on it */
    SHADOW_SETS = 4,       /* and what is written in later ones, too */
    SHADOW_CURSOR = 8,     /* it has to do with a cursor of SQL */
    SHADOW_AT_CURSOR = 16, /* it writes where a cursor stands */
    SHADOW_TEMPORARY = 32  /* it makes what goes when the session ends */
};

/* A statement of a text. */
struct shadow_piece {
    const char *text;
    enum shadow_control control;
    unsigned does;    /* bits of enum shadow_does; of PREPARE: what its statement does */
    const char *name; /* of a savepoint, a prepared statement, a setting (NULL: several, or not known) */
    bool clears;      /* the setting is what it was when the session began */
    bool copies;      /* it may ask for data of the client */
};

/* --- The second database --- */

struct shadow_target;

enum shadow_outcome {
    SHADOW_APPLIED,
    SHADOW_APPLIED_BEFORE, /* it had been done already */
    SHADOW_FAILED,         /* the target refuses it, and nothing of it is there */
    SHADOW_LATER           /* the target cannot do anything now */
};

/* How a transaction went. */
struct shadow_report {
    size_t statement;  /* that failed, or at which it differs */
    char sqlstate[6];  /* of the failure */
    bool differs;      /* a statement touched another number of rows than on the server */
    bool other_role;   /* it was done by the target's own role, since that of the session is not to be had */
    unsigned settings; /* that could not be made */
};

struct shadow_engine {
    /* The statements of a text, in the arena; false: it cannot be read. */
    bool (*read)(struct arena *arena, const char *text, const struct statement_names *steady,
                 struct shadow_piece **out, size_t *n);
    /* A number that statements with other constants share, for logs. */
    void (*fingerprint)(const char *text, char out[17]);
    /* The target as the URL says (which may hold a password), for the queue of that name. Nothing is waited for once *stop is set. */
    bool (*open)(const char *url, const char *queue, atomic_bool *stop, struct shadow_target **out,
                 struct error *err);
    /* Connects where it is not connected, and reads the number of the transaction that was done last. */
    bool (*position)(struct shadow_target *target, uint64_t *out, struct error *err);
    /* Does a transaction again, and notes its number, both or neither. */
    enum shadow_outcome (*apply)(struct shadow_target *target, uint64_t number, uint64_t context_id,
                                 const struct shadow_context *context,
                                 const struct shadow_transaction *transaction, struct shadow_report *report,
                                 struct error *err);
    /* Notes its number alone. */
    bool (*skip)(struct shadow_target *target, uint64_t number, struct error *err);
    /* What was done outlasts the target's machine. */
    bool (*settle)(struct shadow_target *target, struct error *err);
    /* Lets all connections go; position connects again. */
    void (*disconnect)(struct shadow_target *target);
    /* NULL is allowed. */
    void (*close)(struct shadow_target *target);
};

#endif
