CREATE RULE nothing AS ON DELETE TO users DO INSTEAD NOTHING;
-- line: 1
-- expect: CREATE RULE is not something segue can do online yet
