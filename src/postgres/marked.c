#include "postgres/marked.h"

#include <string.h>

#include "postgres/array.h"
#include "postgres/planner/marks.h"
#include "sql.h"

bool pg_marked_tables(struct session *session, struct arena *arena, const struct migration *migration,
                      struct catalog *catalog, struct error *err)
{
    struct name *names;
    size_t n;
    SEGUE_CLEANUP(text_free) struct text schemas = {0};
    SEGUE_CLEANUP(text_free) struct text tables = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    marks_outside(arena, migration, catalog->schema, &names, &n);
    if (!n)
        return true;
    for (size_t i = 0; i < n; i++) {
        pg_array_add(&schemas, names[i].schema);
        pg_array_add(&tables, names[i].name);
    }
    const char *values[] = {pg_array_end(&schemas), pg_array_end(&tables)};
    return session_query(session, sql_catalog_tables, SEGUE_COUNT(values), values, &rows, err) &&
           catalog_tables_from_json(arena, rows_get(rows, 0, 0), catalog, err);
}
