-- segue: copy phones from users: user_id = id, kind = 'home', number = phone_home where phone_home IS NOT NULL key (user_id, kind)
-- segue: copy phones from users: user_id = users.id, kind = 'work', number = phone_work
--     where phone_work IS NOT NULL
--     key (user_id, kind)
-- segue: back users from phones: phone_home = number
-- segue: back users from phones: phone_work = left(number, 30)
CREATE TYPE phone_kind AS ENUM ('home', 'work', 'fax');
CREATE TABLE phones (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind phone_kind NOT NULL,
    number text,
    PRIMARY KEY (user_id, kind)
);
ALTER TABLE users DROP COLUMN phone_home;
ALTER TABLE users DROP COLUMN phone_work;
