-- segue: owner: "payments" team: core
-- expect: stands where goal, owner, deadline or note was expected
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
