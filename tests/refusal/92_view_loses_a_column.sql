CREATE OR REPLACE VIEW user_ages AS SELECT id FROM users;
-- line: 1
-- expect: cannot drop columns from view
