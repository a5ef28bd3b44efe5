-- segue: owner: payments
-- segue: owner: identity
-- expect: "owner" is said twice
-- line: 2
ALTER TABLE users ADD COLUMN a integer;
