-- segue: goal "the status of an issue is one of four, also for those who write SQL"
-- segue: up issues.status = (CASE status WHEN 'in progress' THEN 'doing' WHEN 'done' THEN 'done'
--     WHEN 'wontfix' THEN 'dropped' ELSE 'open' END)::issue_status
-- segue: down issues.status = CASE status WHEN 'doing' THEN 'in progress' WHEN 'dropped' THEN 'wontfix' ELSE status::text END
CREATE TYPE issue_status AS ENUM ('open', 'doing', 'done', 'dropped');
ALTER TABLE issues ALTER COLUMN status DROP DEFAULT;
ALTER TABLE issues ALTER COLUMN status TYPE issue_status USING (CASE status WHEN 'in progress' THEN 'doing' WHEN 'done' THEN 'done' WHEN 'wontfix' THEN 'dropped' ELSE 'open' END)::issue_status;
ALTER TABLE issues ALTER COLUMN status SET DEFAULT 'open';
COMMENT ON TYPE issue_status IS 'what the board''s columns are';
