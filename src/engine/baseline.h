/* A database that was there before segue: what a schema held when it was adopted, and the migrations that it holds already. */
#ifndef SEGUE_ENGINE_BASELINE_H
#define SEGUE_ENGINE_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

/* A migration that counts as applied because the baseline holds what it makes. */
struct adopted {
    const char *name;
    const char *digest; /* as digest_migration makes it */
};

struct baseline {
    const char *schema;
    const char *fingerprint; /* SHA-256 of the objects' lines, each with its newline, in hexadecimal */
    const char **objects; /* a line an object, in order; only of what is looked at, not of what is loaded */
    size_t n_objects;
    struct adopted *adopted;
    size_t n_adopted;
    /* What is loaded: whether there is one, who made it and when (ISO 8601). */
    bool there;
    const char *made_by, *made_at;
};

#endif
