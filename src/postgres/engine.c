#include "postgres/audit.h"
#include "postgres/baseline.h"
#include "postgres/capture.h"
#include "postgres/check.h"
#include "postgres/compare.h"
#include "postgres/export/export.h"
#include "postgres/facts.h"
#include "postgres/gateway.h"
#include "postgres/inventory.h"
#include "postgres/lint/fix.h"
#include "postgres/lint/lint.h"
#include "postgres/lock.h"
#include "postgres/look/look.h"
#include "postgres/marked.h"
#include "postgres/observe.h"
#include "postgres/planner/planner.h"
#include "postgres/postgres.h"
#include "postgres/probe.h"
#include "postgres/read.h"
#include "postgres/recorded.h"
#include "postgres/replay/replay.h"
#include "postgres/sample/sample.h"
#include "postgres/session.h"
#include "postgres/shadow/shadow.h"
#include "postgres/signals.h"
#include "postgres/snapshot.h"
#include "postgres/state.h"
#include "postgres/statements.h"
#include "postgres/verify.h"
#include "postgres/versions.h"
#include "postgres/walk.h"

const struct engine postgres_engine = {
    .name = "PostgreSQL",

    .open = pg_open,
    .read_migration = pg_read_migration,
    .lint_knowledge = pg_lint_knowledge,
    .lint_read = pg_lint_read,
    .lint_startable = pg_lint_startable,
    .lint_rewrite = pg_lint_rewrite,
    .lint_source = pg_lint_source,
    .lint_know = pg_lint_know,
    .snapshot = pg_snapshot,
    .print_conditions = pg_print_conditions,
    .marked_tables = pg_marked_tables,
    .carry = pg_carry,
    .plan = pg_plan,
    .check_expressions = pg_check_expressions,
    .facts = pg_facts,

    .sample_open = pg_sample_open,
    .sample_fill = pg_sample_fill,
    .sample_scrub = pg_sample_scrub,
    .sample_measure = pg_sample_measure,
    .sample_close = pg_sample_close,
    .observe_own = pg_observe_own,
    .observe_locks = pg_observe_locks,
    .observe_statements = pg_observe_statements,
    .observe_deadlocks = pg_observe_deadlocks,
    .observe_sequences = pg_observe_sequences,
    .enter_version = pg_enter_version,
    .recorded_statements = pg_recorded_statements,
    .replay_statement = pg_replay_statement,
    .statements_in = pg_statements_in,
    .plan_shape = pg_plan_shape,
    .environment = pg_environment,
    .database_url = pg_database_url,

    .state_install = pg_state_install,
    .state_installed = pg_state_installed,
    .state_live = pg_state_live,
    .state_history = pg_state_history,
    .state_plan = pg_state_plan,
    .state_create = pg_state_create,
    .state_set = pg_state_set,
    .state_pause = pg_state_pause,
    .state_paused = pg_state_paused,
    .state_event = pg_state_event,
    .switch_version = pg_switch_version,
    .drop_versions = pg_drop_versions,
    .journal_load = pg_journal_load,
    .journal_write = pg_journal_write,

    .baseline_look = pg_baseline_look,
    .baseline_load = pg_baseline_load,
    .baseline_store = pg_baseline_store,
    .baseline_compare = pg_baseline_compare,
    .export = pg_export,
    .audit = pg_audit,
    .inventory_take = pg_inventory_take,
    .inventory_audit = pg_inventory_audit,

    .lock_migration = pg_lock_migration,
    .runner = pg_runner,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .run_alone = pg_run_alone,
    .gate = pg_gate,
    .blockers = pg_blockers,
    .waits_for = pg_waits_for,
    .is_waited_for = pg_is_waited_for,

    .walk_load = pg_walk_load,
    .walk_chunk = pg_walk_chunk,
    .walk_divide = pg_walk_divide,
    .catch_up = pg_catch_up,
    .catch_up_part = pg_catch_up_part,
    .readers = pg_readers,
    .capture_begin = pg_capture_begin,
    .capture_check = pg_capture_check,
    .capture_settle = pg_capture_settle,
    .capture_end = pg_capture_end,
    .capture_slots = pg_capture_slots,

    .walk_sweep = pg_walk_sweep,
    .stubborn = pg_stubborn,
    .compare_next = pg_compare_next,
    .compare_rows = pg_compare_rows,
    .pass_begin = pg_pass_begin,
    .pass_write = pg_pass_write,
    .verification = pg_verification,

    .probe_prepare = pg_probe_prepare,
    .probe_lookup = pg_probe_lookup,
    .probe_write = pg_probe_write,
    .read_signals = pg_read_signals,
    .read_statements = pg_read_statements,
    .throttle_store = pg_throttle_store,
    .throttle_load = pg_throttle_load,
    .throttle_end = pg_throttle_end,
    .vacuum = pg_vacuum,

    .use_version = pg_use_version,
    .version_url = pg_version_url,
    .sample_users = pg_sample_users,
    .version_users = pg_version_users,
    .gateway = &pg_gateway,
    .shadow = &pg_shadow,
    .compare = &pg_compare,
};
