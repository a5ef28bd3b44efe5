/* The lists behind what is known. */
#ifndef SEGUE_POSTGRES_LINT_KNOWN_INTERNAL_H
#define SEGUE_POSTGRES_LINT_KNOWN_INTERNAL_H

#include "postgres/lint/known.h"

struct known_entry {
    const char *key; /* NULL: free */
    void *value;     /* NULL: it is gone */
};

struct known_map {
    struct known_entry *entries;
    size_t n, room;
};

struct known {
    struct arena *arena;
    struct known_map relations, types, functions;
    struct known_relation **all;
    size_t n_all;
    int file;
    const char *time_zone;
    const char **gone; /* names of what files have dropped */
    size_t n_gone;
    bool publishes_all;
    bool code_ran; /* whose effects nobody has read */
    bool watched;  /* the names below are kept */
    bool unsure;   /* nobody knows which are there */
    struct known_map touched, shed;
    const char **namers; /* tables for whose parts the server may have chosen names */
    size_t n_namers;
};

void *known_map_find(const struct known_map *map, const char *schema, const char *name);
void known_map_put(struct arena *arena, struct known_map *map, const char *schema, const char *name,
                   void *value);

struct known_relation *known_make(struct known *known, enum known_kind kind, struct name name);
void known_add_column(struct known *known, struct known_relation *relation, const struct lint_action *action,
                      const char *text);
void known_add_constraint(struct known *known, struct known_relation *relation,
                          const struct lint_action *action, const char *text);
void known_add_index(struct known *known, struct known_relation *relation, const char *name,
                     const char *const *columns, size_t n);
/* The names that a statement of a file makes, drops or changes; before it is carried out. */
void known_note_names(struct known *known, const struct lint_statement *statement);
/* Strings that outlive the statement. */
const char *known_keep(struct known *known, const char *string);
/* A list of columns, in which NULL stands for an expression. */
const char **known_keep_columns(struct known *known, const char *const *columns, size_t n);
struct name known_keep_name(struct known *known, struct name name);
/* A function as CREATE FUNCTION says it. */
void known_add_function(struct known *known, const struct lint_action *action, const char *text);
/* What ALTER and DROP of one table do to it. */
void known_alter(struct known *known, struct known_relation *relation, const struct lint_action *action,
                 const char *text);

#endif
