DROP VIEW user_ages CASCADE;
-- line: 1
-- expect: DROP VIEW … CASCADE does not say what else it drops
