/* What segue.toml says of rehearsals: [rehearse.scrub]. */
#ifndef SEGUE_REHEARSE_CONFIG_H
#define SEGUE_REHEARSE_CONFIG_H

#include "config/toml.h"
#include "engine/sample.h"

struct rehearse_config {
    struct scrub_rule *rules;
    size_t n_rules;
};

/* Other tables are other commands'. `schema`: of tables that are named without one. What is unknown below [rehearse] is ERROR_USAGE, with
 * its place. */
bool rehearse_config_read(struct arena *arena, const struct toml *toml, const char *schema,
                          struct rehearse_config *out, struct error *err) SEGUE_MUST_CHECK;

#endif
