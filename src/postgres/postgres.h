/*
 * PostgreSQL 14 and later as an engine. This is the only room that knows libpq and libpg_query; the rest of the house
 * sees the table below. What each function promises stands in engine/engine.h.
 */
#ifndef SEGUE_POSTGRES_POSTGRES_H
#define SEGUE_POSTGRES_POSTGRES_H

#include "engine/engine.h"

extern const struct engine postgres_engine;

#endif
