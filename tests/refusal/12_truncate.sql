TRUNCATE users;
-- line: 1
-- expect: TRUNCATE
