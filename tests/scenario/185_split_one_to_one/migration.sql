-- segue: goal "addresses on their own"
-- segue: copy addresses from users: user_id = id, street = street, town = city
--     where street IS NOT NULL OR city IS NOT NULL key (user_id)
-- segue: back users from addresses: street = street, city = town
CREATE TABLE addresses (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    street text,
    town varchar(40)
);
ALTER TABLE users DROP COLUMN street, DROP COLUMN city;
