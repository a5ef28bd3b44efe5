/* What segue lint works with: the files, the settings, and what is known before a file is looked at. */
#ifndef SEGUE_CLI_LINTING_H
#define SEGUE_CLI_LINTING_H

#include "cli/command.h"
#include "lint/config.h"
#include "lint/report.h"

struct linting {
    struct invocation *call;
    struct lint_config config;
    struct lint_settings settings;
    struct lint_knowledge *knowledge;
    struct arena *memory;    /* of what is known */
    struct session *session; /* NULL: no database is asked */
    struct lint_source *source;
    struct lint_fixer fixer;
    struct lint_report report;
    struct lint_file *file;
    int number;
    size_t fixed;
};

/* A file's text; "-" is the standard input. */
bool linting_read(const char *path, struct text *out, struct error *err) SEGUE_MUST_CHECK;
/* --config, or segue.toml where segue runs, if there is one. */
bool linting_configure(struct linting *linting, struct error *err) SEGUE_MUST_CHECK;
/* The database that --url names; without the option none is asked, whatever SEGUE_URL says. */
bool linting_open(struct linting *linting, struct error *err) SEGUE_MUST_CHECK;
/* What is there before the files are run; what was known is forgotten. */
bool linting_begin(struct linting *linting, struct error *err) SEGUE_MUST_CHECK;
/* The order in which the transactions of --transactions lock tables, and room for that of the files. Call linting_begin() behind it: what
 * they do to rows is not what the files do. */
bool linting_order(struct linting *linting, struct error *err) SEGUE_MUST_CHECK;
/* A connection that is lost on the way takes the findings' weight with it. */
bool linting_still_there(const struct linting *linting, struct error *err) SEGUE_MUST_CHECK;
/* Findings are given, statements visited. How many findings were allowed. */
size_t linting_look(struct linting *linting, const char *name, const char *content, lint_visit *visited,
                    lint_give *give, void *given_to);

#endif
