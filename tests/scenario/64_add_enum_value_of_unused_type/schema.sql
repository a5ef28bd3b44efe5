CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE cars (id bigint PRIMARY KEY, model text);
INSERT INTO cars SELECT i, 'model ' || i FROM generate_series(1, 300) i;
