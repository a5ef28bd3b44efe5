#include "postgres/parse_tree.h"

#include <string.h>

static const void *member(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

/* Whether the field of a oneof is the one that is set; true for every other field. */
static bool in_use(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return true;
    return *(const uint32_t *)member(message, field->quantifier_offset) == field->id;
}

static size_t count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return *(const size_t *)member(message, field->quantifier_offset);
}

void parse_children(ProtobufCMessage *root, parse_visit *visit, void *context)
{
    for (unsigned i = 0; i < root->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &root->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || !in_use(root, field))
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            ProtobufCMessage *const *list = *(ProtobufCMessage *const *const *)member(root, field->offset);
            for (size_t j = 0; j < count(root, field); j++)
                visit(list[j], context);
        } else {
            ProtobufCMessage *message = *(ProtobufCMessage *const *)member(root, field->offset);
            if (message)
                visit(message, context);
        }
    }
}

struct walk {
    parse_visit *visit;
    void *context;
};

static void walk_on(ProtobufCMessage *message, void *context)
{
    const struct walk *walk = context;
    walk->visit(message, walk->context);
    parse_children(message, walk_on, context);
}

void parse_walk(ProtobufCMessage *root, parse_visit *visit, void *context)
{
    struct walk walk = {visit, context};
    walk_on(root, &walk);
}

static bool same_string(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static size_t scalar_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return 8;
    default: return 4;
    }
}

/* Compares one value of a field; a and b point to it. */
static bool same_value(const ProtobufCFieldDescriptor *field, const void *a, const void *b)
{
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return same_string(*(const char *const *)a, *(const char *const *)b);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return memcmp(a, b, scalar_size(field->type)) == 0;
    const ProtobufCMessage *left = *(const ProtobufCMessage *const *)a;
    const ProtobufCMessage *right = *(const ProtobufCMessage *const *)b;
    return left && right ? parse_same(left, right) : left == right;
}

static size_t value_size(const ProtobufCFieldDescriptor *field)
{
    bool pointer = field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE;
    return pointer ? sizeof(void *) : scalar_size(field->type);
}

static bool same_field(const ProtobufCMessage *a, const ProtobufCMessage *b,
                       const ProtobufCFieldDescriptor *field)
{
    if (in_use(a, field) != in_use(b, field))
        return false;
    if (!in_use(a, field))
        return true;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return same_value(field, member(a, field->offset), member(b, field->offset));
    if (count(a, field) != count(b, field))
        return false;
    const char *left = *(const char *const *)member(a, field->offset);
    const char *right = *(const char *const *)member(b, field->offset);
    for (size_t i = 0; i < count(a, field); i++) {
        if (!same_value(field, left + i * value_size(field), right + i * value_size(field)))
            return false;
    }
    return true;
}

static bool is_place(const char *field)
{
    return strcmp(field, "location") == 0 || strcmp(field, "stmt_location") == 0 ||
           strcmp(field, "stmt_len") == 0;
}

bool parse_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    if (a->descriptor != b->descriptor)
        return false;
    for (unsigned i = 0; i < a->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &a->descriptor->fields[i];
        if (!is_place(field->name) && !same_field(a, b, field))
            return false;
    }
    return true;
}

const char *parse_string(const PgQuery__Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_STRING ? node->string->sval : NULL;
}

PgQuery__Node *parse_string_node(struct arena *arena, const char *string)
{
    PgQuery__Node *node = arena_alloc(arena, sizeof *node);
    pg_query__node__init(node);
    node->node_case = PG_QUERY__NODE__NODE_STRING;
    node->string = arena_alloc(arena, sizeof *node->string);
    pg_query__string__init(node->string);
    node->string->sval = arena_strdup(arena, string);
    return node;
}

const char **parse_strings(struct arena *arena, PgQuery__Node *const *nodes, size_t n)
{
    const char **strings = n ? arena_alloc(arena, n * sizeof *strings) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *string = parse_string(nodes[i]);
        strings[i] = string ? string : "";
    }
    return strings;
}

bool parse_given(const char *field)
{
    return field && *field;
}
