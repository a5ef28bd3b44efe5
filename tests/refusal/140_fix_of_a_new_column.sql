ALTER TABLE users ADD COLUMN nickname text;
-- segue: phase expand
UPDATE users SET nickname = 'x';
-- line: 3
-- column: 1
-- expect: column "nickname" of table "users" is not there yet in phase expand
-- expect: -- segue: up users.nickname
