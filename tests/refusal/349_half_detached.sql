ALTER TABLE torn_off ALTER COLUMN id SET DEFAULT 1;
-- line: 1
-- expect: partition "torn_off" is half detached
-- expect: ALTER TABLE torn DETACH PARTITION torn_off FINALIZE
