-- A new migration with its plan, in the first state of its life.
INSERT INTO segue.migrations (schema, name, digest, old_version, new_version, state, plan, sql, goal, owner, deadline)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, 'expanding', $6::json, $7::text, $8::text, $9::text, $10::text)
RETURNING id
