/* Whose an inserted or changed row of a kept table is, and what a row of the narrow side's version finds there. */
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split_internal.h"

/* "some column that follows is not what it is in a row without a counterpart", of row `row`. */
static void append_filled(struct model *model, const struct split *split, const char *row, struct text *out)
{
    text_append(out, "(false");
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = &split->pairs[p].in;
        for (size_t i = 0; i < map->n_values; i++) {
            const char *absent = split_absent(model, map->to, map->values[i].column);
            if (absent)
                pg_append(out, " OR pg_catalog.record_image_ne(ROW(%s.%I), ROW(%s))", row,
                          split_physical(map->to, map->values[i].column), absent);
        }
    }
    text_append(out, ")");
}

static void append_changed(const struct split *split, struct text *out)
{
    text_append(out, "(false");
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = &split->pairs[p].in;
        for (size_t i = 0; i < map->n_values; i++) {
            const char *name = split_physical(map->to, map->values[i].column);
            pg_append(out, " OR pg_catalog.record_image_ne(ROW(_segue_was.%I), ROW(_segue_now.%I))", name,
                      name);
        }
    }
    text_append(out, ")");
}

/*
 * Who wrote a row of a kept table: the version that alone has the columns which follow when one of them was written. What cannot be
 * told so is told by the path; with a path that names no version an update or delete counts as the old version's, and
 * an insert that gives none of these columns a value copies nothing, because its writer may be about to insert the row itself.
 */
void split_append_wrote(struct model *model, const struct split *split, struct text *out)
{
    bool old_side = split->wide.old_version;
    text_append(out, "CASE _segue_op WHEN 'INSERT' THEN ");
    text_append(out, old_side ? "_segue_side = 'old' OR (_segue_side = '' AND "
                              : "_segue_side = 'new' OR (_segue_side = '' AND ");
    append_filled(model, split, "_segue_now", out);
    text_append(out, ") WHEN 'UPDATE' THEN ");
    append_changed(split, out);
    text_append(out, old_side ? " OR _segue_side <> 'new' ELSE _segue_side <> 'new' END"
                              : " OR _segue_side = 'new' ELSE _segue_side = 'new' END");
}

const char *split_fill_signature(struct model *model, const struct split *split)
{
    return arena_printf(
        model->arena,
        "%s(_segue_op pg_catalog.text, _segue_side pg_catalog.text, _segue_was %s, _segue_now %s)",
        split_name(model, split, "fill"), split->wide.real, split->wide.real);
}

/* Looks for the narrow row of _segue_now; it is locked, so that who changes it afterwards finds the wide row, too. */
static void append_look(const struct split_map *map, const char *indent, struct text *out)
{
    pg_append(out, "%sSELECT ", indent);
    split_append_cells(out, map, "b.", false, true, false);
    pg_append(out, " INTO _segue_found FROM %s AS t, LATERAL %s(t.*) AS b WHERE ", map->from->real,
              map->function);
    for (size_t i = 0; i < map->n_keys; i++)
        pg_append(out, "%st.%I = _segue_now.%I", i ? " AND " : "",
                  split_physical(map->from, split_column(map->from, map->keys[i].columns[0])),
                  split_physical(map->to, map->keys[i].column));
    text_append(out, " LIMIT 1 FOR SHARE OF t;\n");
}

static void append_take(struct model *model, const struct split_map *map, struct text *out)
{
    text_append(out, "    IF FOUND THEN\n");
    for (size_t i = 0; i < map->n_values; i++) {
        const char *name = split_physical(map->to, map->values[i].column);
        pg_append(out, "      _segue_now.%I := _segue_found.%I;\n", name, name);
    }
    text_append(out, "    ELSIF _segue_op = 'UPDATE' THEN\n");
    for (size_t i = 0; i < map->n_values; i++) {
        const char *absent = split_absent(model, map->to, map->values[i].column);
        if (absent)
            pg_append(out, "      _segue_now.%I := %s;\n", split_physical(map->to, map->values[i].column),
                      absent);
    }
    text_append(out, "      NULL;\n    END IF;\n");
}

/* A row that the narrow side's version writes into the kept table takes its columns from a narrow row that is there already. */
const char *split_fill_function(struct model *model, const struct split *split)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, split_function_head(model, split_fill_signature(model, split), split->wide.real));
    text_append(&out,
                "#variable_conflict use_column\nDECLARE\n  _segue_found pg_catalog.record;\nBEGIN\n  IF (");
    split_append_wrote(model, split, &out);
    text_append(&out, ") THEN\n    RETURN _segue_now;\n  END IF;\n");
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = &split->pairs[p].in;
        if (!map->n_values)
            continue;
        text_append(&out, "  IF _segue_op = 'INSERT' OR ");
        split_append_keys(&out, map, false, "_segue_was.", "_segue_now.");
        text_append(&out, " THEN\n");
        append_look(map, "    ", &out);
        if (split_append_meet_out(model, split, &split->pairs[p], &out)) {
            append_look(map, "      ", &out);
            text_append(&out, "    END IF;\n");
        }
        append_take(model, map, &out);
        text_append(&out, "  END IF;\n");
    }
    text_append(&out, "  RETURN _segue_now;\nEND\n$segue$");
    return arena_strdup(model->arena, out.data);
}
