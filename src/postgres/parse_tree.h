/* Walks and comparisons over any message of a parse tree, by its own description of its fields. */
#ifndef SEGUE_POSTGRES_PARSE_TREE_H
#define SEGUE_POSTGRES_PARSE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include <pg_query/pg_query.pb-c.h>

#include "base/arena.h"

/* Called for every message before what it holds. */
typedef void parse_visit(ProtobufCMessage *message, void *context);

void parse_walk(ProtobufCMessage *root, parse_visit *visit, void *context);
/* For what the message itself holds alone, and not for what is below that. */
void parse_children(ProtobufCMessage *root, parse_visit *visit, void *context);

/* Whether two trees say the same: everything but the places where it was written. */
bool parse_same(const ProtobufCMessage *a, const ProtobufCMessage *b);

/* The string of a String node, NULL for any other node. */
const char *parse_string(const PgQuery__Node *node);
/* A String node in the arena. */
PgQuery__Node *parse_string_node(struct arena *arena, const char *string);
/* The strings of a list of String nodes, in the arena; NULL when n is 0. */
const char **parse_strings(struct arena *arena, PgQuery__Node *const *nodes, size_t n);
/* Whether a field that is a C string was given: protobuf has "" for none. */
bool parse_given(const char *field);

#endif
