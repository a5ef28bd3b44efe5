/* Steps about partitions that come and go at `complete`. */
#ifndef SEGUE_POSTGRES_PLANNER_STEPS_PARTITION_H
#define SEGUE_POSTGRES_PLANNER_STEPS_PARTITION_H

#include "postgres/planner/switch.h"

/* Phase check: rows that a new partition's bound does not allow where they are. */
void steps_partition_check(struct steps *steps);
/* First of contract: what lets ATTACH and a new partition go without a scan under their locks. */
void steps_partition_prove(struct steps *steps);
/* The statements themselves, where none of their tables is there now and so none switches. */
void steps_partition_contract(struct steps *steps);

/* A stage of the switch: the statements, once the tables have their final names. */
switch_function switch_partitions;

#endif
