/* A plan with something in every field, as a planner could have made it. */
#ifndef SEGUE_TESTS_SAMPLE_PLAN_H
#define SEGUE_TESTS_SAMPLE_PLAN_H

#include "plan/plan.h"

#define LIST(...)    \
    (const char *[]) \
    {                \
        __VA_ARGS__  \
    }
#define LOCKS(...)       \
    (struct step_lock[]) \
    {                    \
        __VA_ARGS__      \
    }

static struct check email_check = {
    .count = "SELECT count(*) FROM public.users WHERE email IS NULL",
    .sample = "SELECT id::text FROM public.users WHERE email IS NULL LIMIT 5",
    .message = "users.email has NULL in %s rows",
    .hint = "Fill them, or add \"-- segue: up users.email = …\".",
};
static struct walk name_walk = {
    .table = "public.users",
    .keys = LIST("id", "\"Region\""),
    .key_types = LIST("bigint", "text"),
    .n_keys = 2,
    .set = "_segue_1_full_name = first_name || ' ' || last_name",
    .where = "_segue_1_full_name IS NULL",
    .rows = 5000000,
    .silence_triggers = true,
};
static struct walk name_compare = {
    .table = "public.users",
    .keys = LIST("id", "\"Region\""),
    .key_types = LIST("bigint", "text"),
    .n_keys = 2,
    .mismatch = "_segue_1_full_name IS DISTINCT FROM first_name || ' ' || last_name",
    .rows = 5000000.5,
};
static struct step sample_steps[] = {
    {.id = "check/010/users/email",
     .phase = PHASE_CHECK,
     .kind = STEP_CHECK,
     .title = "look for NULL in users.email",
     .why = "the new version promises NOT NULL, and rows that are there already must keep it",
     .duration = DURATION_SCAN,
     .locks = LOCKS({"public.users", "ACCESS SHARE"}),
     .n_locks = 1,
     .check = &email_check},
    {.id = "expand/010/users/columns",
     .phase = PHASE_EXPAND,
     .kind = STEP_TRANSACTION,
     .title = "add the hidden column of full_name to users, with its trigger and the running version's view",
     .why = "both shapes of a row live side by side until the old version is retired",
     .duration = DURATION_INSTANT,
     .acts = LIST("ALTER TABLE public.users ADD COLUMN _segue_1_full_name text",
                  "CREATE VIEW public_base.users AS SELECT id, first_name, last_name FROM public.users"),
     .n_acts = 2,
     .undo = LIST("DROP VIEW public_base.users", "ALTER TABLE public.users DROP COLUMN _segue_1_full_name"),
     .n_undo = 2,
     .locks = LOCKS({"public.users", "ACCESS EXCLUSIVE"}),
     .n_locks = 1},
    {.id = "backfill/010/users",
     .phase = PHASE_BACKFILL,
     .kind = STEP_WALK,
     .title = "fill full_name in users",
     .duration = DURATION_CHUNKS,
     .locks = LOCKS({"public.users", "ROW EXCLUSIVE"}),
     .n_locks = 1,
     .walk = &name_walk},
    {.id = "backfill/020/users/users_full_name_idx",
     .phase = PHASE_BACKFILL,
     .kind = STEP_ALONE,
     .title = "build index users_full_name_idx",
     .duration = DURATION_BUILD,
     .acts = LIST("CREATE INDEX CONCURRENTLY users_full_name_idx ON public.users (_segue_1_full_name)"),
     .n_acts = 1,
     .undo = LIST("DROP INDEX CONCURRENTLY IF EXISTS public.users_full_name_idx"),
     .n_undo = 1,
     .undo_alone = true,
     .probe =
         "SELECT EXISTS (SELECT FROM pg_index\n WHERE indexrelid = to_regclass('public.users_full_name_idx')\tAND indisvalid)",
     .clean = LIST("DROP INDEX CONCURRENTLY IF EXISTS public.users_full_name_idx"),
     .n_clean = 1,
     .locks = LOCKS({"public.users", "SHARE UPDATE EXCLUSIVE"}),
     .n_locks = 1},
    {.id = "verify/010/users",
     .phase = PHASE_VERIFY,
     .kind = STEP_WALK,
     .title = "compare both shapes of every row of users",
     .duration = DURATION_CHUNKS,
     .walk = &name_compare},
    {.id = "activate/010/views",
     .phase = PHASE_ACTIVATE,
     .kind = STEP_TRANSACTION,
     .flags = STEP_NO_LOCKS,
     .title = "make the new version's views",
     .duration = DURATION_NONE,
     .acts = LIST(
         "CREATE SCHEMA public_0007_full_name",
         "CREATE VIEW public_0007_full_name.users AS SELECT id, _segue_1_full_name AS full_name FROM public.users"),
     .n_acts = 2,
     .undo = LIST("DROP SCHEMA public_0007_full_name CASCADE"),
     .n_undo = 1},
    {.id = "contract/010/users",
     .phase = PHASE_CONTRACT,
     .kind = STEP_TRANSACTION,
     .flags = STEP_NO_RETURN,
     .title = "drop the views and give users its final shape",
     .duration = DURATION_INSTANT,
     .acts = LIST("DROP VIEW public_base.users", "DROP VIEW public_0007_full_name.users",
                  "ALTER TABLE public.users DROP COLUMN first_name, DROP COLUMN last_name"),
     .n_acts = 3,
     .locks = LOCKS({"public.users", "ACCESS EXCLUSIVE"}, {"public.orders", "SHARE ROW EXCLUSIVE"}),
     .n_locks = 2},
};
static struct plan_table sample_tables[] = {
    {.schema = "public",
     .name = "users",
     .new_name = "users",
     .old_view = "public_base.users",
     .new_view = "public_0007_full_name.users",
     .rows = 5000000,
     .bytes = 734003200,
     .strategy = "in place",
     .strategy_why = "the rows are updated in chunks by key",
     .agree = "_segue_1_full_name IS NOT DISTINCT FROM first_name || ' ' || last_name",
     .keys = LIST("id", "\"Region\""),
     .n_keys = 2,
     .notes =
         LIST("The old version keeps first_name and last_name; what it writes appears in full_name at once.",
              "The new version sees full_name only."),
     .n_notes = 2},
    {.schema = "public",
     .name = "orders",
     .new_name = "purchases",
     .rows = 0,
     .bytes = 8192,
     .strategy = "metadata only"},
};
__attribute__((unused)) static struct plan sample_plan = {
    .format = 1,
    .name = "0007_full_name",
    .digest = "9f86d081884c7d659a2feaa0c55ad015",
    .schema = "public",
    .old_version = "public_base",
    .new_version = "public_0007_full_name",
    .goal = "one name field for all locales",
    .owner = "payments",
    .deadline = "2026-12-01",
    .note = "The \"mobile\" client follows in August: größer.",
    .search_path = "public, extensions",
    .server_version = 150018,
    .tables = sample_tables,
    .n_tables = 2,
    .steps = sample_steps,
    .n_steps = 7,
    .notes = LIST("A session without a versioned search_path sees the hidden column of users."),
    .n_notes = 1,
};

#endif
