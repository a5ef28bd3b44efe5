/* Shadow writes on PostgreSQL: engine/shadow.h tells what each function promises. */
#ifndef SEGUE_POSTGRES_SHADOW_SHADOW_H
#define SEGUE_POSTGRES_SHADOW_SHADOW_H

#include "engine/shadow.h"

extern const struct shadow_engine pg_shadow;

#endif
