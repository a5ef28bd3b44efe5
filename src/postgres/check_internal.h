/* What the files of the check share. */
#ifndef SEGUE_POSTGRES_CHECK_INTERNAL_H
#define SEGUE_POSTGRES_CHECK_INTERNAL_H

#include "engine/engine.h"
#include "postgres/check_shape.h"

struct check_run {
    struct session *session;
    struct arena *arena;
    const struct migration *migration;
    const struct catalog *catalog;
    struct check_shapes shapes;
};

/* One expression to ask the server about. */
struct check_expr {
    const char *text;
    const char *what;                /* for messages: "up users.full_name" */
    const struct check_table *table; /* whose row it reads; NULL: no column at all */
    enum check_version version;
    const char *alias; /* what the file calls the table */
    const char *type;  /* that it must give; NULL: boolean */
    bool type_grows;
    struct place place; /* where text begins in the file, or only its clause */
    bool verbatim;      /* the file has the text as it is here, so that places within it can be told */
    bool no_volatile;   /* a volatile function in it is refused */
};

/* Asks the server; ERROR_REFUSED at the offending word when the expression means nothing there. */
bool check_expr_ask(const struct check_run *run, const struct check_expr *expr,
                    struct error *err) SEGUE_MUST_CHECK;

#endif
