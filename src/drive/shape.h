/*
 * A table as one version of an application sees it: the columns that the version's view (or the table itself) shows on the
 * session's search path, with what the generator must know to write rows that the table accepts. Read once for a version
 * and shared by its workers, who only read it.
 */
#ifndef SEGUE_DRIVE_SHAPE_H
#define SEGUE_DRIVE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/session.h"

/* Types that are written alike. */
enum family {
    FAMILY_INTEGER,
    FAMILY_NUMERIC,
    FAMILY_FLOAT,
    FAMILY_TEXT,
    FAMILY_BOOLEAN,
    FAMILY_TIMESTAMP,
    FAMILY_DATE,
    FAMILY_TIME,
    FAMILY_INTERVAL,
    FAMILY_UUID,
    FAMILY_JSON,
    FAMILY_BYTES,
    FAMILY_BITS,
    FAMILY_ADDRESS,
    FAMILY_CHOICE, /* an enum, or whatever a check lists */
    FAMILY_FIXED,  /* always the same value will do: '{}' for arrays, 'empty' for ranges */
    FAMILY_UNKNOWN /* no value can be made */
};

struct supply;

struct shape_column {
    const char *name;   /* as the version sees it */
    const char *quoted; /* the same for a statement */
    const char *type;   /* with its modifier, for a cast */
    enum family family;
    /* integers: bytes; text: longest length, 0: any; numeric: digits before the point; bits: how many */
    int width;
    int scale;            /* numeric: digits behind the point */
    const char **choices; /* FAMILY_CHOICE; FAMILY_FIXED: one */
    size_t n_choices;
    bool has_low, has_high;
    long low, high; /* bounds that a check sets: of the number, or of the text's length */
    bool not_null;
    bool has_default;
    bool automatic;    /* identity or a sequence's: left out of INSERT */
    bool read_only;    /* generated or computed */
    bool as_text;      /* its type has no equality that would do: compared as text */
    bool has_triggers; /* the application's own triggers may write it */
    bool unsteady;     /* tried: what is written is not what is stored */
    bool key;
    bool grouped; /* part of something unique */
    bool unique;  /* every row gets a value of its own */
    int foreign;  /* of shape.foreign, or -1 */
    int base_number;
    const char *base_quoted; /* the column underneath; NULL: computed */
    struct supply *supply;   /* an expression that the server evaluates instead, or NULL */
};

/* A foreign key: values come from a pool of rows that nobody deletes. */
struct shape_foreign {
    int *columns;
    size_t n_columns;
    bool usable;             /* all its columns can be written */
    const char *ref_table;   /* quoted, qualified */
    const char *ref_columns; /* quoted, separated by commas */
    const char *ref_present; /* none of them is null, as a condition */
    const char ***pool;
    size_t n_pool;
};

/* Kinds of statements that the trial run may switch off for a table. */
enum shape_off { OFF_INSERT = 1, OFF_UPSERT = 2, OFF_UPDATE = 4, OFF_DELETE = 8 };

struct shape {
    const char *name;      /* as the version sees it */
    const char *quoted;    /* unqualified: it is the search path that tells */
    const char *path;      /* the version's search path, quoted; filled by who reads it */
    const char *path_bare; /* the same without the version's schema */
    const char *base;      /* the table underneath, quoted and qualified */
    const char *base_oid;
    struct shape_column *columns;
    size_t n_columns;
    int *key; /* columns that name a row for good; none: rows cannot be addressed */
    size_t n_key;
    struct shape_foreign *foreign;
    size_t n_foreign;
    unsigned off;           /* enum shape_off */
    const char *off_reason; /* for a note, or NULL */
};

/* An expression to be used for a column's values, from the command line. */
struct shape_override {
    const char *table, *column, *expression;
    bool strict; /* must name a column that is there */
    bool *used;  /* set once it names one; shared by both versions */
};

/* Reads the shape of a table (its plain name) through a session on the version's search path. *out is NULL when there is no
 * such table on that path. Overrides for other tables and columns are ignored. */
bool shape_read(struct session *session, struct arena *arena, const char *name,
                const struct shape_override *overrides, size_t n_overrides, struct shape **out,
                struct error *err) SEGUE_MUST_CHECK;

/* The column of that name, or NULL. */
struct shape_column *shape_column(struct shape *shape, const char *name);
/* Whether an INSERT names the column: it can be written and does not fill itself. */
bool shape_inserts(const struct shape_column *column);
/* Whether an UPDATE may set the column. */
bool shape_updates(const struct shape_column *column);
/* The name as SQL text. */
const char *shape_quote(struct arena *arena, const char *name);

#endif
