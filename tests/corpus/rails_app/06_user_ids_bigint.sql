-- segue: goal "users.id and everything that points to it is bigint"   owner: platform   deadline: 2027-03-31
-- segue: down users.id = id::integer
-- segue: down memberships.user_id = user_id::integer
-- segue: down comments.user_id = user_id::integer
-- segue: down comments.discarded_by_id = discarded_by_id::integer
ALTER TABLE issues DROP CONSTRAINT fk_rails_9b2e0c7d11;
ALTER TABLE issues DROP CONSTRAINT fk_rails_5e3d1c8a77;
DROP VIEW open_issues;
ALTER TABLE users ALTER COLUMN id TYPE bigint;
ALTER SEQUENCE users_id_seq AS bigint;
ALTER TABLE memberships ALTER COLUMN user_id TYPE bigint;
ALTER TABLE comments ALTER COLUMN user_id TYPE bigint;
ALTER TABLE comments ALTER COLUMN discarded_by_id TYPE bigint;
-- segue: down issues.author_id = author_id::integer
-- segue: down issues.assignee_id = assignee_id::integer
ALTER TABLE issues ALTER COLUMN author_id TYPE bigint;
ALTER TABLE issues ALTER COLUMN assignee_id TYPE bigint;
ALTER TABLE issues ADD CONSTRAINT fk_rails_9b2e0c7d11 FOREIGN KEY (author_id) REFERENCES users (id);
ALTER TABLE issues ADD CONSTRAINT fk_rails_5e3d1c8a77 FOREIGN KEY (assignee_id) REFERENCES users (id) ON DELETE SET NULL;
CREATE VIEW open_issues AS
    SELECT i.id, i.account_id, p.name AS project, i.title, i.priority, u.email AS assignee
    FROM issues i JOIN projects p ON p.id = i.project_id LEFT JOIN users u ON u.id = i.assignee_id
    WHERE i.closed_at IS NULL;
