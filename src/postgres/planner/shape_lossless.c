/* Between which types a column may change without a down: where nothing can be lost on the way back. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/planner/shape.h"

/* How long a text of the type may be; LONG_MAX: any; 0: the type is no text. */
static long text_limit(const char *type)
{
    static const char varying[] = "character varying";
    if (strcmp(type, "text") == 0 || strcmp(type, varying) == 0)
        return LONG_MAX;
    if (strncmp(type, varying, sizeof varying - 1) != 0)
        return 0;
    char *end;
    long limit = strtol(type + sizeof varying, &end, 10);
    return strcmp(end, ")") == 0 ? limit : 0;
}

static int integer_bytes(const char *type)
{
    static const struct {
        const char *name;
        int bytes;
    } integers[] = {{"smallint", 2}, {"integer", 4}, {"bigint", 8}};
    for (size_t i = 0; i < SEGUE_COUNT(integers); i++) {
        if (strcmp(integers[i].name, type) == 0)
            return integers[i].bytes;
    }
    return 0;
}

/* Whether every value of the new version's type fits the old version's. */
static bool fits(const char *old_type, const char *new_type)
{
    if (text_limit(old_type) && text_limit(new_type))
        return text_limit(new_type) <= text_limit(old_type);
    return integer_bytes(old_type) && integer_bytes(new_type) &&
           integer_bytes(new_type) <= integer_bytes(old_type);
}

/* Into a narrower type the file must say how values are made to fit: the old version goes on writing longer ones. */
bool shape_lossless(const struct model_column *column)
{
    const char *old_type = column->origin->type;
    bool narrower = fits(old_type, column->type) && !fits(column->type, old_type);
    if (narrower)
        return column->up.annotation || column->using_expr;
    return fits(old_type, column->type) || strcmp(old_type, column->type) == 0;
}
