/*
 * Two live versions compared by the statements of applications. This room promises: nothing that is asked here is executed by a question (questions), and
 * what two results say of each other is told without a server (shape.h, answer.h).
 */
#ifndef SEGUE_COMPARE_COMPARE_H
#define SEGUE_COMPARE_COMPARE_H

#include "compare/shape.h"
#include "document/document.h"
#include "engine/engine.h"

/* A statement that is asked about. */
struct question {
    const char *text;
    const char *role;   /* whose search path; "": that of roles without one of their own */
    const char *source; /* where it was seen, in a word */
    double calls;
    bool utility; /* not asked: servers say nothing of it before it runs */
    enum shape_verdict verdict;
    struct statement_shape current, new;
    struct shape_differences differences;
    struct translation translation; /* as the new version was asked it */
};

struct questions {
    struct arena *arena;
    const char *current, *new; /* versions */
    struct question *list;     /* those called most first */
    size_t n;
    struct compared_statement *compared; /* whose answers gateways have compared */
    size_t n_compared;
    const char **notes; /* what could not be seen, in words */
    size_t n_notes;
};

struct question_settings {
    const struct engine *engine;
    const char *url, *schema;
    const char *current, *new; /* versions that are live */
    const struct gateway_view *view;
};

/* Asks for each what the current and the new version make of it, in sessions that may only read and in which nothing is run; fills verdicts and differences. */
bool questions_ask(const struct question_settings *settings, struct questions *questions,
                   struct error *err) SEGUE_MUST_CHECK;
/* What came of it, in the arena of the questions; *differ: how many statements differ, in what is
 * told of them or in their answers. */
struct document *questions_document(const struct questions *questions, size_t *differ);

#endif
