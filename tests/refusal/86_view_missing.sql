DROP VIEW user_agess;
-- line: 1
-- expect: view "user_agess" does not exist in schema "public"
