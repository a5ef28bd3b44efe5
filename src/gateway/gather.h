/*
 * What a session has written in the transaction that runs, what it has set, and what it has prepared by SQL: enough to do its transactions again elsewhere. Statements are
 * added when the server has said that they are done.
 */
#ifndef SEGUE_GATEWAY_GATHER_H
#define SEGUE_GATEWAY_GATHER_H

#include "base/text.h"
#include "engine/shadow.h"
#include "gateway/shadow.h"

enum {
    GATHER_MAX = 64 * 1024 * 1024, /* bytes that one transaction may write */
    GATHER_SETTINGS_MAX = 65536    /* bytes of statements by which a session has set something */
};

/* A statement of the transaction. */
struct gathered {
    size_t begin, n; /* in the gather's body */
    unsigned does;   /* bits of enum shadow_does */
    char *name;      /* of a setting, or of what it prepares */
    bool clears;
};

struct mark {
    char *name; /* of a savepoint */
    size_t n;   /* statements before it */
};

struct named_text {
    char *name; /* NULL: a setting of no one name */
    struct text text;
    unsigned does;
};

enum { REPORTED = 5 }; /* settings that the server reports, and on which it depends what a statement means */

struct gather {
    struct shadow *shadow;
    uint32_t pid; /* of the session, as its client knows it */
    struct text body;
    struct gathered *items;
    size_t n_items, items_size;
    struct mark *marks;
    size_t n_marks;
    struct named_text *prepared; /* by SQL */
    size_t n_prepared;
    struct named_text *settings; /* as encoded statements, in their order */
    size_t n_settings;
    char *reported[REPORTED];
    char *user;
    struct shadow_setting *given; /* by the startup packet */
    size_t n_given;
    struct text context;
    uint64_t context_id;
    bool stale;  /* the context is not what it was */
    char *path;  /* the search path with which the backend was opened, or NULL */
    bool writes; /* the transaction does */
    bool lost;   /* it cannot be mirrored, for that reason */
    enum shadow_loss why;
    bool numbered; /* it has a number already */
    struct queue_ticket ticket;
};

/* A session that begins. user: its own; given: name and value of each parameter of its start that is a setting. */
void gather_begin(struct gather *gather, struct shadow *shadow, const char *user);
void gather_given(struct gather *gather, const char *name, const char *value);
void gather_path(struct gather *gather, const char *path);
void gather_reported(struct gather *gather, const char *name, const char *value);
void gather_free(struct gather *gather);

/* A statement was done. `name` and `clears`: of a setting. */
void gather_add(struct gather *gather, const struct shadow_statement *statement, unsigned does,
                const char *name, bool clears);
/* The transaction cannot be mirrored. */
void gather_lose(struct gather *gather, enum shadow_loss why);
void gather_savepoint(struct gather *gather, const char *name);
void gather_release(struct gather *gather, const char *name);
void gather_rollback_to(struct gather *gather, const char *name);
/* SQL's prepared statements. */
void gather_prepare(struct gather *gather, const char *name, const char *text, unsigned does);
void gather_execute(struct gather *gather, const char *name, const char *text, const char *tag);
void gather_deallocate(struct gather *gather, const char *name);
void gather_discard(struct gather *gather);

/* Its commit is asked for now, and all that it wrote was answered: it comes before whatever is asked later. */
void gather_number(struct gather *gather);
/* It has ended. */
void gather_commit(struct gather *gather);
void gather_rollback(struct gather *gather);

/* shadow.c: the statements of a text, in the arena; false: it cannot be read. */
bool shadow_read(struct shared *shared, struct arena *arena, const char *text, struct shadow_piece **out,
                 size_t *n) SEGUE_MUST_CHECK;

#endif
