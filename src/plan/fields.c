#include "plan/fields_internal.h"

#include "base/must.h"
#include "plan/plan.h"

#define AT(type, member) .offset = offsetof(type, member)
#define COUNTED(type, member) AT(type, member), .count_offset = offsetof(type, n_##member)
#define SHAPE(type, list)                                                     \
    {                                                                         \
        .size = sizeof(type), .fields = (list), .n_fields = SEGUE_COUNT(list) \
    }

static const char *phase_word(int value)
{
    return plan_phase_name((enum plan_phase)value);
}

static const char *kind_word(int value)
{
    return step_kind_name((enum step_kind)value);
}

static const char *duration_word(int value)
{
    return step_duration_name((enum step_duration)value);
}

static const struct field lock_fields[] = {
    {"relation", FIELD_STRING, AT(struct step_lock, relation), .required = 1},
    {"mode", FIELD_STRING, AT(struct step_lock, mode), .required = 1},
};
static const struct shape lock_shape = SHAPE(struct step_lock, lock_fields);

static const struct field walk_fields[] = {
    {"table", FIELD_STRING, AT(struct walk, table), .required = 1},
    {"keys", FIELD_STRINGS, COUNTED(struct walk, keys)},
    /* One for each key: shares its count, which the reader checks. */
    {"key_types", FIELD_STRINGS, AT(struct walk, key_types), .count_offset = offsetof(struct walk, n_keys)},
    {"by_place", FIELD_BOOL, AT(struct walk, by_place)},
    {"set", FIELD_STRING, AT(struct walk, set)},
    {"copies", FIELD_STRINGS, COUNTED(struct walk, copies)},
    {"remove", FIELD_BOOL, AT(struct walk, remove)},
    {"alias", FIELD_STRING, AT(struct walk, alias)},
    {"insert", FIELD_STRING, AT(struct walk, insert)},
    {"left_to", FIELD_STRING, AT(struct walk, left_to)},
    {"where", FIELD_STRING, AT(struct walk, where)},
    {"mismatch", FIELD_STRING, AT(struct walk, mismatch)},
    {"rows", FIELD_DOUBLE, AT(struct walk, rows)},
    {"silence_triggers", FIELD_BOOL, AT(struct walk, silence_triggers)},
    {"leaves_stubborn", FIELD_BOOL, AT(struct walk, leaves_stubborn)},
};
static const struct shape walk_shape = SHAPE(struct walk, walk_fields);

static const struct field capture_fields[] = {
    {"table", FIELD_STRING, AT(struct capture, table), .required = 1},
    {"slot", FIELD_STRING, AT(struct capture, slot), .required = 1},
    {"publication", FIELD_STRING, AT(struct capture, publication), .required = 1},
    {"keys", FIELD_STRINGS, COUNTED(struct capture, keys)},
    {"journal", FIELD_STRING, AT(struct capture, journal), .required = 1},
    {"ceiling", FIELD_DOUBLE, AT(struct capture, ceiling)},
    {"locking", FIELD_INT, AT(struct capture, locking)},
};
static const struct shape capture_shape = SHAPE(struct capture, capture_fields);

static const struct field check_fields[] = {
    {"prepare", FIELD_STRINGS, COUNTED(struct check, prepare)},
    {"count", FIELD_STRING, AT(struct check, count), .required = 1},
    {"sample", FIELD_STRING, AT(struct check, sample)},
    {"message", FIELD_STRING, AT(struct check, message), .required = 1},
    {"hint", FIELD_STRING, AT(struct check, hint)},
    {"may_fail", FIELD_BOOL, AT(struct check, may_fail)},
};
static const struct shape check_shape = SHAPE(struct check, check_fields);

static const struct field step_fields[] = {
    {"id", FIELD_STRING, AT(struct step, id), .required = 1},
    {"phase", FIELD_ENUM, AT(struct step, phase), .n_words = PHASE_COUNT, .word = phase_word, .required = 1},
    {"kind", FIELD_ENUM, AT(struct step, kind), .n_words = STEP_VACUUM + 1, .word = kind_word, .required = 1},
    {"no_return", FIELD_FLAG, AT(struct step, flags), .bit = STEP_NO_RETURN},
    {"no_locks", FIELD_FLAG, AT(struct step, flags), .bit = STEP_NO_LOCKS},
    {"settles", FIELD_FLAG, AT(struct step, flags), .bit = STEP_SETTLES},
    {"title", FIELD_STRING, AT(struct step, title), .required = 1},
    {"why", FIELD_STRING, AT(struct step, why)},
    {"locks", FIELD_OBJECTS, COUNTED(struct step, locks), .shape = &lock_shape},
    {"duration", FIELD_ENUM, AT(struct step, duration), .n_words = DURATION_HELD + 1, .word = duration_word},
    {"acts", FIELD_STRINGS, COUNTED(struct step, acts)},
    {"undo", FIELD_STRINGS, COUNTED(struct step, undo)},
    {"undo_alone", FIELD_BOOL, AT(struct step, undo_alone)},
    {"probe", FIELD_STRING, AT(struct step, probe)},
    {"clean", FIELD_STRINGS, COUNTED(struct step, clean)},
    {"parts", FIELD_STRING, AT(struct step, parts)},
    {"before", FIELD_STRING, AT(struct step, before)},
    {"capture", FIELD_OBJECT, AT(struct step, capture), .shape = &capture_shape},
    {"walk", FIELD_OBJECT, AT(struct step, walk), .shape = &walk_shape},
    {"undo_walk", FIELD_OBJECT, AT(struct step, undo_walk), .shape = &walk_shape},
    {"check", FIELD_OBJECT, AT(struct step, check), .shape = &check_shape},
};
static const struct shape step_shape = SHAPE(struct step, step_fields);

static const struct field table_fields[] = {
    {"schema", FIELD_STRING, AT(struct plan_table, schema)},
    {"name", FIELD_STRING, AT(struct plan_table, name), .required = 1},
    {"new_name", FIELD_STRING, AT(struct plan_table, new_name)},
    {"old_view", FIELD_STRING, AT(struct plan_table, old_view)},
    {"new_view", FIELD_STRING, AT(struct plan_table, new_view)},
    {"rows", FIELD_DOUBLE, AT(struct plan_table, rows)},
    {"bytes", FIELD_DOUBLE, AT(struct plan_table, bytes)},
    {"strategy", FIELD_STRING, AT(struct plan_table, strategy)},
    {"strategy_why", FIELD_STRING, AT(struct plan_table, strategy_why)},
    {"agree", FIELD_STRING, AT(struct plan_table, agree)},
    {"keys", FIELD_STRINGS, COUNTED(struct plan_table, keys)},
    {"key_types", FIELD_STRINGS, AT(struct plan_table, key_types),
     .count_offset = offsetof(struct plan_table, n_keys)},
    {"old_shape", FIELD_STRING, AT(struct plan_table, old_shape)},
    {"new_shape", FIELD_STRING, AT(struct plan_table, new_shape)},
    {"mend_old", FIELD_STRING, AT(struct plan_table, mend_old)},
    {"mend_new", FIELD_STRING, AT(struct plan_table, mend_new)},
    {"silence_triggers", FIELD_BOOL, AT(struct plan_table, silence_triggers)},
    {"notes", FIELD_STRINGS, COUNTED(struct plan_table, notes)},
};
static const struct shape table_shape = SHAPE(struct plan_table, table_fields);

static const struct field plan_fields[] = {
    {"format", FIELD_INT, AT(struct plan, format), .required = 1},
    {"name", FIELD_STRING, AT(struct plan, name), .required = 1},
    {"digest", FIELD_STRING, AT(struct plan, digest)},
    {"schema", FIELD_STRING, AT(struct plan, schema), .required = 1},
    {"old_version", FIELD_STRING, AT(struct plan, old_version), .required = 1},
    {"new_version", FIELD_STRING, AT(struct plan, new_version), .required = 1},
    {"goal", FIELD_STRING, AT(struct plan, goal)},
    {"owner", FIELD_STRING, AT(struct plan, owner)},
    {"deadline", FIELD_STRING, AT(struct plan, deadline)},
    {"note", FIELD_STRING, AT(struct plan, note)},
    {"search_path", FIELD_STRING, AT(struct plan, search_path)},
    {"server_version", FIELD_INT, AT(struct plan, server_version)},
    {"notes", FIELD_STRINGS, COUNTED(struct plan, notes)},
    {"touches", FIELD_STRINGS, COUNTED(struct plan, touches)},
    {"older_versions", FIELD_STRINGS, COUNTED(struct plan, older_versions)},
    {"tables", FIELD_OBJECTS, COUNTED(struct plan, tables), .shape = &table_shape},
    {"steps", FIELD_OBJECTS, COUNTED(struct plan, steps), .shape = &step_shape, .required = 1},
};
const struct shape plan_shape = SHAPE(struct plan, plan_fields);
