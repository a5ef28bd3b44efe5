/*
 * Which backend a cancel request means. A client is told a key of the gateway's own, since its backend may change; the request comes on a
 * connection of its own, which any worker may get.
 */
#ifndef SEGUE_GATEWAY_KEYS_H
#define SEGUE_GATEWAY_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_MAX = 256 }; /* bytes of a secret: the limit of the protocol from 3.2 on */

struct keys;

/* A key as one side knows it. */
struct key {
    uint32_t pid;
    uint16_t n_secret;
    unsigned char secret[KEY_MAX];
};

struct keys *keys_new(void);
void keys_free(struct keys *keys);
/* Makes a key of n_secret bytes that nobody else has, for a client that has none. */
void keys_make(struct keys *keys, uint16_t n_secret, struct key *own);
/* Whoever shows `own` means `target` from now on. */
void keys_point(struct keys *keys, const struct key *own, const struct key *target);
void keys_forget(struct keys *keys, uint32_t pid);
/* False: nobody has this key. Takes as long whatever bytes are wrong. */
bool keys_find(struct keys *keys, uint32_t pid, const void *secret, size_t n_secret, struct key *target);

#endif
