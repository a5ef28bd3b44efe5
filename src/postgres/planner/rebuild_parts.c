/*
 * Rebuild: catching up and comparing in parts, where others are at work. A part is a transaction with one snapshot, small enough that the
 * throttle can let time pass after it; it needs the indexes of the new table.
 */
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"

#define PART_HEAD                                                                                                    \
    "CREATE FUNCTION %s(_segue_at pg_catalog.text, _segue_wanted pg_catalog.int8, OUT _segue_rows pg_catalog.int8, " \
    "OUT _segue_came pg_catalog.int8, OUT _segue_next pg_catalog.text, OUT _segue_differs pg_catalog.bool) "         \
    "LANGUAGE plpgsql AS $segue$\n"                                                                                  \
    "#variable_conflict use_column\n"

/*
 * Some rows of the journal, from one end of its file to what was the other end when the first part began: the rows with their keys are
 * copied again. Where a row is kept out of the copy by a value that another one has had in the meantime, which is still to be copied again
 * itself, its key is noted anew. The mark of a TRUNCATE stays, and all is left to apply() as long as nothing finds a row in the copy.
 */
const char *rebuild_apply_part_function(const struct rebuild *rebuild)
{
    const char *range = "ctid > _segue_first AND ctid <= _segue_last AND _segue_k1 IS NOT NULL";
    const char *keys = rebuild_journal_keys(rebuild, ""), *same = rebuild_same_key(rebuild, ""),
               *same_in_copy = rebuild_same_key(rebuild, "_segue_copy.");
    const char *noted = pg_format(rebuild->arena, "(SELECT DISTINCT %s FROM %s WHERE %s) AS _segue_key", keys,
                                  rebuild->journal, range);
    return pg_format(
        rebuild->arena,
        PART_HEAD
        "DECLARE\n"
        "  _segue_first pg_catalog.tid := pg_catalog.split_part(COALESCE(_segue_at, '(0,0)'), '/', 1);\n"
        "  _segue_end pg_catalog.tid := CASE WHEN _segue_at IS NOT NULL THEN pg_catalog.split_part(_segue_at, '/', 2)\n"
        "    ELSE pg_catalog.format('(%%s,0)', pg_catalog.pg_relation_size(%L) / pg_catalog.current_setting('block_size')::pg_catalog.int8)\n"
        "    END;\n"
        "  _segue_last pg_catalog.tid;\n"
        "  _segue_keys pg_catalog.int8;\n"
        "  _segue_n pg_catalog.int8;\n"
        "BEGIN\n"
        "  IF NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) %L::pg_catalog.regclass\n"
        "                 AND i.indisunique) THEN RETURN; END IF;\n"
        "  SELECT pg_catalog.max(j.at), pg_catalog.count(*), pg_catalog.count(DISTINCT ROW(%s)) INTO _segue_last, _segue_rows, _segue_keys\n"
        "  FROM (SELECT ctid AS at, %s FROM %s WHERE ctid > _segue_first AND ctid < _segue_end AND _segue_k1 IS NOT NULL\n"
        "        LIMIT _segue_wanted) AS j;\n"
        "  DELETE FROM %s AS _segue_copy USING %s WHERE %s;\n"
        "  %s, %s WHERE %s" WALK_INSERT_END ";\n"
        "  GET DIAGNOSTICS _segue_n = ROW_COUNT;\n"
        "  WITH _segue_key AS (DELETE FROM %s WHERE %s AND (%s) RETURNING %s)\n"
        "  INSERT INTO %s (%s) SELECT DISTINCT %s FROM _segue_key WHERE _segue_n < _segue_keys\n"
        "  AND EXISTS (SELECT FROM ONLY %s WHERE %s) AND NOT EXISTS (SELECT FROM %s AS _segue_copy WHERE %s);\n"
        "  _segue_came := pg_catalog.pg_stat_get_tuples_inserted(%L::pg_catalog.regclass);\n"
        "  _segue_next := _segue_last || '/' || _segue_end;\n"
        "END\n"
        "$segue$",
        rebuild->apply_part, rebuild->journal, rebuild->copy, rebuild_journal_keys(rebuild, "j."), keys,
        rebuild->journal, rebuild->copy, noted, same_in_copy, rebuild_fill(rebuild), noted, same,
        rebuild->journal, range, rebuild_seen(rebuild), keys, rebuild->journal, keys, keys,
        rebuild->table->real, same, rebuild->copy, same_in_copy, rebuild->journal);
}

/* "(a, b) > ($1[1]::integer, $1[2]::text)" */
static const char *beyond(const struct rebuild *rebuild, const char *operator, int parameter)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_printf(&out, "(%s) %s (", rebuild_table_keys(rebuild, ""), operator);
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s$%d[%zu]::%s", i ? ", " : "", parameter, i + 1, rebuild->key_types[i]);
    text_append(&out, ")");
    return arena_strdup(rebuild->arena, out.data);
}

static const char *key_array(const struct rebuild *rebuild)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s::pg_catalog.text", i ? ", " : "", rebuild->keys[i]);
    return pg_format(rebuild->arena, "ARRAY[%s]", text_string(&out));
}

/* "SELECT count and checksum of the rows of one of both tables WHERE". */
static const char *sums(const struct rebuild *rebuild, bool hidden)
{
    return pg_format(rebuild->arena,
                     "SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s WHERE ",
                     rebuild_row_hash(rebuild, hidden), hidden ? rebuild->copy : rebuild->table->real);
}

/*
 * What has changed is copied again; then, in the same snapshot, the rows of a range of keys are compared. Ranges follow each other
 * without a gap, the first and the last one open, so that rows which only the copy has are found too. Statements are made anew each time:
 * a plan that fits every range would read the whole table.
 */
const char *rebuild_compare_part_function(const struct rebuild *rebuild)
{
    return pg_format(
        rebuild->arena,
        PART_HEAD
        "DECLARE\n"
        "  _segue_from pg_catalog.text[] := _segue_at;\n"
        "  _segue_to pg_catalog.text[];\n"
        "  _segue_range pg_catalog.text := CASE WHEN _segue_at IS NULL THEN 'true' ELSE %L END;\n"
        "BEGIN\n"
        "  PERFORM %s(true, false, NULL);\n"
        "  EXECUTE %L || _segue_range || %L INTO _segue_to USING _segue_from, _segue_wanted;\n"
        "  IF _segue_to IS NOT NULL THEN _segue_range := _segue_range || %L; END IF;\n"
        "  EXECUTE 'SELECT ROW(a.n, a.h) IS DISTINCT FROM ROW(b.n, b.h), a.n FROM (' || %L || _segue_range || ') AS a, (' "
        "|| %L || _segue_range || ') AS b' INTO _segue_differs, _segue_rows USING _segue_from, _segue_to;\n"
        "  _segue_next := _segue_to;\n"
        "END\n"
        "$segue$",
        rebuild->compare_part, beyond(rebuild, ">", 1), rebuild->apply,
        pg_format(rebuild->arena, "SELECT %s FROM ONLY %s WHERE ", key_array(rebuild), rebuild->table->real),
        pg_format(rebuild->arena, " ORDER BY %s OFFSET $2 LIMIT 1", rebuild_table_keys(rebuild, "")),
        pg_format(rebuild->arena, " AND %s", beyond(rebuild, "<=", 2)), sums(rebuild, false),
        sums(rebuild, true));
}
