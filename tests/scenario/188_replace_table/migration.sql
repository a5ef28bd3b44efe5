-- segue: copy people from users: id = id, full_name = first_name || ' ' || last_name, birthday = born, points = score key (id)
-- segue: back users from people: first_name = split_part(full_name, ' ', 1),
--     last_name = substr(full_name, strpos(full_name, ' ') + 1), born = birthday, score = points
CREATE TABLE people (
    id bigint PRIMARY KEY,
    full_name text NOT NULL,
    birthday date,
    points bigint NOT NULL DEFAULT 0
);
CREATE INDEX people_by_name ON people (full_name);
DROP TABLE users;
