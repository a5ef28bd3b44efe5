-- segue: copy addresses from users: user_id = id, city = city key (user_id)
-- segue: back users from addresses: city = city
CREATE TABLE addresses (user_id bigint PRIMARY KEY, city text);
ALTER TABLE users DROP COLUMN city;
-- expect: rows move between tables
