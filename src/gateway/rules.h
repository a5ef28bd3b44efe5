/*
 * Which version a session is put on by who it is: the tables [[rule]] of the file of settings. The first one that fits counts. Rules are never changed but for
 * what they have told; they live as long as what they were read into.
 */
#ifndef SEGUE_GATEWAY_RULES_H
#define SEGUE_GATEWAY_RULES_H

#include <sys/socket.h>

#include "base/text.h"
#include "config/toml.h"
#include "gateway/routes.h"

#define RULES_TABLE "rule"

struct rules;
struct rule;

/* Who a session is, as it said when it began. Strings may be NULL. */
struct visitor {
    const char *user, *database, *application;
    const struct sockaddr *address;
};

/* NULL in *out: there are none. `schema`: whose versions are meant where a name leaves it out. ERROR_USAGE with its place. */
bool rules_read(struct arena *arena, const struct toml *toml, const char *schema, struct rules **out,
                struct error *err) SEGUE_MUST_CHECK;
/* The first that fits, or NULL. `rules` may be NULL. */
struct rule *rules_find(const struct rules *rules, const struct visitor *visitor);
/* In the file's order; NULL behind the last. */
struct rule *rules_at(const struct rules *rules, size_t i);

/* Where it puts a session whose place among all is `place`: as routes_choose. NULL: it says nothing of that now, and the ordinary choice counts. */
struct version *rule_choose(const struct rule *rule, const struct routes *routes, double place,
                            uint64_t tripped);
/* The version that it names is not live; true once. */
bool rule_misses(struct rule *rule, const struct routes *routes);
/* Whether it names a version or a share: otherwise its sessions are chosen for as all others. */
bool rule_decides(const struct rule *rule);
/* Whether its sessions are placed by their addresses. */
bool rule_is_sticky(const struct rule *rule);
/* file:line */
const char *rule_place(const struct rule *rule);
/* Appends for whom it is, and where it leads, in words. */
void rule_tell_whom(const struct rule *rule, struct text *out);
void rule_tell_where(const struct rule *rule, struct text *out);

#endif
