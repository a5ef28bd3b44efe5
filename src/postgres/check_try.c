/* Statements that may fail: tried in savepoints of the check's transaction, which goes on either way. */
#include "postgres/check_internal.h"

bool check_try_begin(struct check_run *run, struct error *err)
{
    return session_run(run->session, "SAVEPOINT segue_try", err);
}

bool check_try_end(struct check_run *run, bool keep, struct error *err)
{
    /* Tries are within each other: the name must be the outer one's again. */
    return session_run(run->session,
                       keep ? "RELEASE SAVEPOINT segue_try"
                            : "ROLLBACK TO SAVEPOINT segue_try; RELEASE SAVEPOINT segue_try",
                       err);
}

bool check_try(struct check_run *run, const char *sql, bool *done, struct error *err)
{
    *done = false;
    if (!check_try_begin(run, err))
        return false;
    *done = session_run(run->session, sql, err);
    if (!*done && err->class != ERROR_DATABASE && err->class != ERROR_REFUSED)
        return false;
    return check_try_end(run, *done, err);
}
