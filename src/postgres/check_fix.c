/* A data fix, analysed on an empty table like the one that it finds at its point of the file; it is never run. */
#include "postgres/check_internal.h"
#include "postgres/format.h"
#include "postgres/sqltree.h"

/* What the file says takes the fix back; NULL: nothing. */
static const char *undo_of(const struct check_run *run, const struct change *change, struct place *place)
{
    for (size_t i = 0; i < run->migration->n_annotations; i++) {
        const struct annotation *annotation = &run->migration->annotations[i];
        *place = annotation->place;
        if (annotation->kind == ANNOTATION_UNDO && !annotation->object &&
            run->migration->changes[annotation->statement].sql == change->sql)
            return annotation->expr;
    }
    return NULL;
}

static bool prepare(struct check_run *run, const char *sql, struct place place, struct error *err)
{
    if (session_prepare(run->session, "", sql, err))
        return true;
    check_scratch_unname(err);
    return check_refuse(run, place, err);
}

static bool try_parts(struct check_run *run, const struct data_fix *fix, struct name twin, struct place place,
                      struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, "%s ONLY %Q AS %I%s%s%s%s", fix->remove ? "DELETE FROM" : "UPDATE", twin.schema,
              twin.name, fix->alias, fix->set ? " SET " : "", fix->set ? fix->set : "",
              fix->where ? " WHERE " : "", fix->where ? fix->where : "");
    return prepare(run, text_string(&sql), place, err);
}

bool check_fix(struct check_run *run, const struct check_table *table, const struct change *change,
               struct error *err)
{
    struct place undo_place;
    struct data_fix undo;
    struct name twin;
    const char *undo_sql = undo_of(run, change, &undo_place);
    /* The names of a whole statement may be another shape's, and nothing can be put in their place. */
    if (change->fix->whole)
        return table->changed || prepare(run, change->sql, change->place, err);
    return check_scratch_twin(run, table, &twin, err) &&
           try_parts(run, change->fix, twin, change->place, err) &&
           (!undo_sql || (sql_fix_parse(run->arena, undo_sql, NULL, 0, &undo, err) &&
                          try_parts(run, &undo, twin, undo_place, err)));
}
