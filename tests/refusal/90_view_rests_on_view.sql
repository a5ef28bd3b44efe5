DROP VIEW user_ages;
CREATE VIEW user_ages AS SELECT id FROM users;
-- line: 1
-- expect: view "user_ages" cannot be dropped: other objects depend on it
-- expect: old_users
