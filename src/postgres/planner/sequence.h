/* Sequences of the file, from their making in the expand phase to the switch. */
#ifndef SEGUE_POSTGRES_PLANNER_SEQUENCE_H
#define SEGUE_POSTGRES_PLANNER_SEQUENCE_H

#include "postgres/planner/steps.h"

/* Gives the sequences that the file makes their names until `complete`. Before the tables are shaped. */
void shape_sequences(struct model *model);
/* Finds out whether rows of both versions must draw a column's numbers from a sequence that the file makes. */
void shape_number_column(struct model *model, const struct model_table *table, struct model_column *column);

/* Whether the column's identity is made at the switch: it is new, or its column is. */
bool sequence_remakes_identity(const struct model_column *column);
/* Whether there is such a sequence from the expand phase on; an identity's that goes on with another sequence is made at the
 * switch. */
bool sequence_made_at_once(const struct model *model, const struct model_sequence *sequence);
/* The table with which a sequence switches, or NULL: it stands alone. */
const struct model_table *sequence_table(const struct model *model, const struct model_sequence *sequence);
/* The options of a sequence that is made, without its name: " AS bigint START WITH 5". */
const char *sequence_options(struct model *model, const struct model_sequence *sequence);
/* "setval, when the column holds numbers beyond": as a statement. to: quoted, qualified, as a regclass literal's text. */
const char *sequence_raise(struct model *model, const struct model_table *table, const char *physical,
                           const char *to);

/* Expand: CREATE SEQUENCE. */
void steps_create_sequences(struct steps *steps);
/* The functions by which both versions draw from a new sequence, whatever their roles may do with it. */
void sequence_functions(struct model *model, const struct model_table *table, const char ***statements,
                        size_t *n);
void sequence_function_signatures(struct model *model, const struct model_table *table,
                                  const char ***signatures, size_t *n);
/* Contract: what the file does with sequences that no switched table owns. */
void steps_alone_sequences(struct steps *steps);
/* The statements that give one sequence of the catalog what ALTER SEQUENCE says of it, by its name in the new version. */
void sequence_changes(struct steps *steps, const struct model_sequence *sequence, const char ***statements,
                      size_t *n);

#endif
