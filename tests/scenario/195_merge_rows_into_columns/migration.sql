-- segue: copy users from phones: id = user_id, phone_home = number where kind = 'home' key (id)
-- segue: copy users from phones: id = user_id, phone_work = number where kind = 'work' key (id)
-- segue: back phones from users: user_id = id, kind = 'home', number = phone_home where phone_home IS NOT NULL key (user_id, kind)
-- segue: back phones from users: user_id = id, kind = 'work', number = phone_work where phone_work IS NOT NULL key (user_id, kind)
ALTER TABLE users ADD COLUMN phone_home text;
ALTER TABLE users ADD COLUMN phone_work text;
DROP TABLE phones;
