/*
 * The fields of a plan as tables: for each struct a list of (JSON name, type, where it lies). Writer and reader walk
 * the same tables, so that neither can forget what the other knows.
 */
#ifndef SEGUE_PLAN_FIELDS_INTERNAL_H
#define SEGUE_PLAN_FIELDS_INTERNAL_H

#include <stddef.h>

enum field_type {
    FIELD_STRING,  /* const char *, may be NULL */
    FIELD_STRINGS, /* const char ** with a size_t count */
    FIELD_INT,     /* int */
    FIELD_DOUBLE,  /* double, finite */
    FIELD_BOOL,    /* bool */
    FIELD_FLAG,    /* one bit of an unsigned */
    FIELD_ENUM,    /* an enum whose values count from 0, written as its word */
    FIELD_OBJECT,  /* pointer to a struct, may be NULL */
    FIELD_OBJECTS  /* array of structs with a size_t count */
};

struct shape;

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    size_t count_offset;            /* STRINGS, OBJECTS */
    unsigned bit;                   /* FLAG */
    int n_words;                    /* ENUM */
    const char *(*word)(int value); /* ENUM: its word; static storage */
    const struct shape *shape;      /* OBJECT, OBJECTS */
    int required;                   /* a plan without it is damaged */
};

struct shape {
    size_t size;
    const struct field *fields;
    size_t n_fields;
};

extern const struct shape plan_shape;

#endif
