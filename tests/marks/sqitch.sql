-- The registry of Sqitch 1 as it makes it in a database (lib/App/Sqitch/Engine/pg.sql), with one change deployed.
CREATE SCHEMA sqitch;
CREATE TABLE sqitch.releases (
    version real PRIMARY KEY,
    installed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    installer_name text NOT NULL,
    installer_email text NOT NULL
);
CREATE TABLE sqitch.projects (
    project text PRIMARY KEY,
    uri text NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    creator_name text NOT NULL,
    creator_email text NOT NULL
);
CREATE TABLE sqitch.changes (
    change_id text PRIMARY KEY,
    script_hash text NULL,
    change text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects (project) ON UPDATE CASCADE,
    note text NOT NULL DEFAULT '',
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamptz NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL,
    UNIQUE (project, script_hash)
);
CREATE TABLE sqitch.events (
    event text NOT NULL CONSTRAINT events_event_check CHECK (event IN ('deploy', 'revert', 'fail', 'merge')),
    change_id text NOT NULL,
    change text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects (project) ON UPDATE CASCADE,
    note text NOT NULL DEFAULT '',
    requires text[] NOT NULL DEFAULT '{}',
    conflicts text[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamptz NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL,
    PRIMARY KEY (change_id, committed_at)
);
INSERT INTO sqitch.projects VALUES ('shop', NULL, '2026-01-01', 'Ada', 'ada@example.com');
INSERT INTO sqitch.changes VALUES ('62c0f9e0b1b0a4a8f6bb0f2f4ed8f8d2a5c0f1aa', repeat('0', 40), 'init', 'shop', '', '2026-01-01',
    'Ada', 'ada@example.com', '2026-01-01', 'Ada', 'ada@example.com');
INSERT INTO sqitch.events VALUES ('deploy', '62c0f9e0b1b0a4a8f6bb0f2f4ed8f8d2a5c0f1aa', 'init', 'shop', '', '{}', '{}', '{}',
    '2026-01-01', 'Ada', 'ada@example.com', '2026-01-01', 'Ada', 'ada@example.com');
