#include "gateway/keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 256 };

struct entry {
    struct key own, target;
    struct entry *next;
};

/* A table by pid; the lists stay short because it grows. */
struct keys {
    pthread_mutex_t lock;
    struct entry **slots;
    size_t n_slots, n; /* slots: a power of two */
};

struct keys *keys_new(void)
{
    struct keys *keys = memory_alloc(sizeof *keys);
    (void)pthread_mutex_init(&keys->lock, NULL);
    keys->n_slots = FIRST_SLOTS;
    keys->slots = memory_alloc(keys->n_slots * sizeof *keys->slots);
    return keys;
}

void keys_free(struct keys *keys)
{
    for (size_t i = 0; i < keys->n_slots; i++)
        while (keys->slots[i]) {
            struct entry *entry = keys->slots[i];
            keys->slots[i] = entry->next;
            free(entry);
        }
    (void)pthread_mutex_destroy(&keys->lock);
    free(keys->slots);
    free(keys);
}

static struct entry **slot_of(const struct keys *keys, uint32_t pid)
{
    return &keys->slots[(pid * 2654435761U >> 8) & (keys->n_slots - 1)];
}

static struct entry **find(const struct keys *keys, uint32_t pid)
{
    struct entry **at = slot_of(keys, pid);
    while (*at && (*at)->own.pid != pid)
        at = &(*at)->next;
    return at;
}

static void grow(struct keys *keys)
{
    struct entry **old = keys->slots;
    size_t n_old = keys->n_slots;
    keys->n_slots *= 2;
    keys->slots = memory_alloc(keys->n_slots * sizeof *keys->slots);
    for (size_t i = 0; i < n_old; i++)
        while (old[i]) {
            struct entry *entry = old[i];
            old[i] = entry->next;
            struct entry **slot = slot_of(keys, entry->own.pid);
            entry->next = *slot;
            *slot = entry;
        }
    free(old);
}

/* Bytes that nobody can guess. Without them nothing can be done safely, so the process ends. */
static void fill_random(void *bytes, size_t n)
{
    for (size_t have = 0; have < n;) {
        ssize_t part = getrandom((char *)bytes + have, n - have, 0);
        if (part < 0)
            abort();
        have += (size_t)part;
    }
}

void keys_make(struct keys *keys, uint16_t n_secret, struct key *own)
{
    struct entry *entry = memory_alloc(sizeof *entry);
    *own = (struct key){.n_secret = n_secret};
    fill_random(own->secret, n_secret);
    (void)pthread_mutex_lock(&keys->lock);
    uint32_t pid = 0;
    do { /* a pid, as a client sees one, is positive */
        fill_random(&pid, sizeof pid);
        pid &= 0x7fffffff;
    } while (pid == 0 || *find(keys, pid));
    own->pid = pid;
    entry->own = *own;
    if (++keys->n > keys->n_slots)
        grow(keys);
    struct entry **slot = slot_of(keys, pid);
    entry->next = *slot;
    *slot = entry;
    (void)pthread_mutex_unlock(&keys->lock);
}

void keys_point(struct keys *keys, const struct key *own, const struct key *target)
{
    (void)pthread_mutex_lock(&keys->lock);
    struct entry *entry = *find(keys, own->pid);
    if (entry)
        entry->target = *target;
    (void)pthread_mutex_unlock(&keys->lock);
}

void keys_forget(struct keys *keys, uint32_t pid)
{
    (void)pthread_mutex_lock(&keys->lock);
    struct entry **at = find(keys, pid);
    if (*at) {
        struct entry *entry = *at;
        *at = entry->next;
        free(entry);
        keys->n--;
    }
    (void)pthread_mutex_unlock(&keys->lock);
}

static bool equal_in_constant_time(const unsigned char *a, const unsigned char *b, size_t n)
{
    unsigned char differs = 0;
    for (size_t i = 0; i < n; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return differs == 0;
}

bool keys_find(struct keys *keys, uint32_t pid, const void *secret, size_t n_secret, struct key *target)
{
    (void)pthread_mutex_lock(&keys->lock);
    const struct entry *entry = *find(keys, pid);
    bool found = entry && entry->own.n_secret == n_secret && entry->target.pid != 0 &&
                 equal_in_constant_time(entry->own.secret, secret, n_secret);
    if (found)
        *target = entry->target;
    (void)pthread_mutex_unlock(&keys->lock);
    return found;
}
