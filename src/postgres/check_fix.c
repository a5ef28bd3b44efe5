/* A data fix, analysed on an empty table like the one that it finds at its point of the file; it is never run. */
#include "postgres/check_internal.h"
#include "postgres/format.h"

bool check_fix(struct check_run *run, const struct check_table *table, const struct change *change,
               struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    const struct data_fix *fix = change->fix;
    struct name twin;
    if (fix->whole && table->changed)
        return true; /* its names are another shape's, and nothing can be put in their place */
    if (!fix->whole && !check_scratch_twin(run, table, &twin, err))
        return false;
    if (fix->whole)
        text_append(&sql, change->sql);
    else
        pg_append(&sql, "%s ONLY %Q AS %I%s%s%s%s", fix->remove ? "DELETE FROM" : "UPDATE", twin.schema,
                  twin.name, fix->alias, fix->set ? " SET " : "", fix->set ? fix->set : "",
                  fix->where ? " WHERE " : "", fix->where ? fix->where : "");
    if (session_prepare(run->session, "", text_string(&sql), err))
        return true;
    check_scratch_unname(err);
    return check_refuse(run, change->place, err);
}
