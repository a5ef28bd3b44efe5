-- The state of segue in the database that it changes. Run by `segue init`, as often as wanted: it creates what is missing.
-- The schema is open to everyone because the sync functions live in it; the tables are granted to nobody, and nothing
-- secret is ever written to them. Whoever may make migrations rest is granted UPDATE (paused, reason) on segue.pause.

CREATE SCHEMA IF NOT EXISTS segue;
GRANT USAGE ON SCHEMA segue TO PUBLIC;

CREATE TABLE IF NOT EXISTS segue.meta (
    version integer NOT NULL -- of this file; a newer segue brings an older state up to date
);
CREATE UNIQUE INDEX IF NOT EXISTS meta_one_row ON segue.meta ((true));
INSERT INTO segue.meta (version) VALUES (1) ON CONFLICT DO NOTHING;

-- The version schema that applications of each changed schema run on when no migration is live.
CREATE TABLE IF NOT EXISTS segue.schemas (
    schema          text PRIMARY KEY,
    current_version text NOT NULL
);

CREATE TABLE IF NOT EXISTS segue.migrations (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schema      text        NOT NULL,
    name        text        NOT NULL,
    digest      text        NOT NULL, -- of the migration file
    old_version text        NOT NULL,
    new_version text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('expanding', 'backfilling', 'verifying', 'active', 'completing',
                                                      'completed', 'rolling-back', 'rolled-back')),
    paused      boolean     NOT NULL DEFAULT false,
    plan        json        NOT NULL, -- stored before the first act; what is resumed is this, never a new plan
    sql         text        NOT NULL, -- the migration file
    goal        text,
    owner       text,
    deadline    text,
    message     text,                 -- the last error in words
    started_by  text        NOT NULL DEFAULT session_user,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    active_at   timestamptz,
    finished_at timestamptz
);
-- Several migrations may be under way where they have nothing in common, each of a name of its own.
DROP INDEX IF EXISTS segue.migrations_one_live;
CREATE UNIQUE INDEX IF NOT EXISTS migrations_live ON segue.migrations (schema, name)
    WHERE state NOT IN ('completed', 'rolled-back');

-- The journal: a row commits together with the step that it records, wherever the step can run in a transaction.
CREATE TABLE IF NOT EXISTS segue.steps (
    migration   bigint           NOT NULL REFERENCES segue.migrations,
    step        text             NOT NULL,
    status      text             NOT NULL CHECK (status IN ('done', 'undone')),
    seconds     double precision NOT NULL,
    finished_at timestamptz      NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration, step)
);

-- How far each walk over a table has come; updated by every chunk, hence the room left in the pages.
CREATE TABLE IF NOT EXISTS segue.walks (
    migration  bigint           NOT NULL REFERENCES segue.migrations,
    step       text             NOT NULL,
    last       text[],                    -- the last key done
    finish     text[],                    -- the highest key when the walk began; rows above it came later and are kept right by the trigger
    rows_done  double precision NOT NULL,
    rows_total double precision NOT NULL,
    chunks     bigint           NOT NULL,
    finished   boolean          NOT NULL,
    started_at timestamptz      NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz      NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration, step)
) WITH (fillfactor = 20);

CREATE TABLE IF NOT EXISTS segue.events (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    migration bigint      REFERENCES segue.migrations,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind      text        NOT NULL,
    step      text,
    message   text
);

-- Sessions seen while a statement of theirs held a lock on a view of a version.
CREATE TABLE IF NOT EXISTS segue.version_users (
    migration     bigint      NOT NULL REFERENCES segue.migrations,
    version       text        NOT NULL,
    pid           integer     NOT NULL,
    backend_start timestamptz NOT NULL,
    usename       text,
    application   text,
    address       text,
    first_seen    timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration, version, pid, backend_start)
) WITH (fillfactor = 50);

-- Passes of verification: both shapes of every row compared. The one at the end of `start` is one of them.
CREATE TABLE IF NOT EXISTS segue.passes (
    id          bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    migration   bigint           NOT NULL REFERENCES segue.migrations,
    kind        text             NOT NULL CHECK (kind IN ('start', 'verify')),
    keepers     text             NOT NULL, -- fingerprint of the triggers and functions that keep both shapes in step
    rows        double precision NOT NULL DEFAULT 0,
    differences double precision NOT NULL DEFAULT 0, -- rows found whose shapes differ
    mended      double precision NOT NULL DEFAULT 0, -- of these, made equal by the same pass
    complete    boolean          NOT NULL DEFAULT false, -- every row was looked at, with the same keepers from begin to end
    began_at    timestamptz      NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz      -- NULL: under way, or cut off
) WITH (fillfactor = 50);
CREATE INDEX IF NOT EXISTS passes_of ON segue.passes (migration, id);

-- Rows that a walk has left because their conversion fails. The message may hold a value of the row.
CREATE TABLE IF NOT EXISTS segue.stubborn (
    migration bigint      NOT NULL REFERENCES segue.migrations,
    step      text        NOT NULL,
    relation  text        NOT NULL,
    label     text        NOT NULL, -- the key for people: (id) = (5)
    key       text[]      NOT NULL, -- its values; the ctid where there is no key
    sqlstate  text        NOT NULL,
    message   text        NOT NULL,
    tried_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration, step, label)
);

-- How the throttle of a migration that moves rows stands: for segue status.
CREATE TABLE IF NOT EXISTS segue.throttle (
    migration bigint           PRIMARY KEY REFERENCES segue.migrations,
    duty      double precision NOT NULL, -- the share of time that work takes; 0: it rests
    reason    text,
    signals   json             NOT NULL,
    at        timestamptz      NOT NULL
) WITH (fillfactor = 20);

-- One row for whoever watches over the server: while paused is true, every migration of the database rests. It needs no program of
-- segue's: GRANT UPDATE (paused, reason) ON segue.pause lets a role set it with plain SQL. `segue pause` is a flag of each migration.
CREATE TABLE IF NOT EXISTS segue.pause (
    paused boolean     NOT NULL DEFAULT false,
    reason text,
    set_by text        NOT NULL DEFAULT session_user,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX IF NOT EXISTS pause_one_row ON segue.pause ((true));
INSERT INTO segue.pause DEFAULT VALUES ON CONFLICT DO NOTHING;
CREATE OR REPLACE FUNCTION segue.sign_pause() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $sign$
BEGIN
    NEW.set_by := session_user;
    NEW.set_at := clock_timestamp();
    RETURN NEW;
END
$sign$;
CREATE OR REPLACE TRIGGER sign BEFORE UPDATE ON segue.pause FOR EACH ROW EXECUTE FUNCTION segue.sign_pause();

-- Where the throttle's probes write, to see how long a commit takes.
CREATE TABLE IF NOT EXISTS segue.probes (
    id    integer PRIMARY KEY,
    beats bigint  NOT NULL
) WITH (fillfactor = 20);

-- What the schema held when a migration was started, and when it was complete: for segue audit. Of each schema the last one is kept.
CREATE TABLE IF NOT EXISTS segue.inventories (
    migration bigint      NOT NULL REFERENCES segue.migrations,
    moment    text        NOT NULL CHECK (moment IN ('before', 'after')),
    objects   text[]      NOT NULL, -- a line an object, as sql/baseline_objects.sql has them
    rights    text[]      NOT NULL, -- a line a right, as sql/audit_rights.sql has them
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration, moment)
);

-- A database that was there before segue: what each of its schemas held when it was adopted, and which migrations of a folder count
-- as applied because of it.
CREATE TABLE IF NOT EXISTS segue.baselines (
    schema      text        PRIMARY KEY,
    objects     text[]      NOT NULL, -- a line an object, as sql/baseline_objects.sql has them
    fingerprint text        NOT NULL, -- SHA-256 of the lines
    made_by     text        NOT NULL DEFAULT session_user,
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE IF NOT EXISTS segue.adopted (
    schema text NOT NULL REFERENCES segue.baselines ON DELETE CASCADE,
    name   text NOT NULL,
    digest text NOT NULL, -- of the file
    PRIMARY KEY (schema, name)
);

-- The gateways that are at work, by their own word once a second: one that has not spoken for some seconds is gone.
CREATE TABLE IF NOT EXISTS segue.gateways (
    id         text        PRIMARY KEY,       -- made anew by each process
    place      text        NOT NULL,          -- where it listens
    application text       NOT NULL,          -- of its control session
    sessions   json        NOT NULL,          -- of each version: how many there are, and how many that should be elsewhere cannot move, and why
    turn       bigint      NOT NULL DEFAULT 0, -- the last turn of segue.ramps that it follows
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 20);

-- The share of sessions that gateways put on a version. A version without a row has none, the current one takes what is left.
CREATE TABLE IF NOT EXISTS segue.ramps (
    schema  text             NOT NULL,
    version text             NOT NULL,
    share   double precision NOT NULL CHECK (share BETWEEN 0 AND 100), -- percent of the sessions
    reads   double precision NOT NULL DEFAULT 0 CHECK (reads BETWEEN 0 AND 100), -- percent of what sessions of the version before only read
    tripped text,                                                      -- why a breaker took all sessions from it; NULL: it did not
    set_by  text             NOT NULL DEFAULT session_user,
    set_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
    turn    bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,    -- grows with each change of any row
    PRIMARY KEY (schema, version)
) WITH (fillfactor = 50);
ALTER TABLE segue.ramps
    ADD COLUMN IF NOT EXISTS breaker    text CHECK (breaker IN ('open', 'half-open')), -- NULL: closed
    ADD COLUMN IF NOT EXISTS breaker_at timestamptz,                                   -- since when
    ADD COLUMN IF NOT EXISTS pause      double precision, -- seconds from open to half-open, 0: it stays open; when it is closed again: the last one
    ADD COLUMN IF NOT EXISTS resumes       double precision, -- the shares before it opened
    ADD COLUMN IF NOT EXISTS resumes_reads double precision;

-- Statements that gateways have seen, without their values and comments: segue compare asks both versions what they make of them.
CREATE TABLE IF NOT EXISTS segue.statements (
    fingerprint text        NOT NULL, -- of libpg_query
    role        text        NOT NULL, -- with which its sessions began
    version     text        NOT NULL, -- on which they were
    text        text        NOT NULL, -- with $n for values
    calls       bigint      NOT NULL,
    first_seen  timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (fingerprint, role, version)
) WITH (fillfactor = 50);

-- What came of reads that gateways have asked of two versions, by statement. No values of rows: what differs is told by columns.
CREATE TABLE IF NOT EXISTS segue.compared (
    fingerprint text        NOT NULL,
    role        text        NOT NULL,
    version     text        NOT NULL, -- that was compared with the current one
    text        text        NOT NULL, -- with $n for values
    compared    bigint      NOT NULL,
    differed    bigint      NOT NULL,
    by_itself   bigint      NOT NULL, -- the current version's answer differed from itself
    kind        text,                 -- of the last difference
    what        text,                 -- likewise, in words
    first_seen  timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (fingerprint, role, version)
) WITH (fillfactor = 50);

ALTER TABLE segue.compared
    ADD COLUMN IF NOT EXISTS translated text; -- as the new version was asked it, where that has other names
