-- A migration that segue start refuses is told of, in its words; nothing of it is handled.
-- expect: 6 warning start-refuses
-- expect: 6 error rewrite-table
-- expect: 6 warning no-lock-timeout
-- segue: goal "smaller files"
VACUUM FULL users;
