CREATE TYPE mood AS ENUM ('calm', 'tired');
CREATE TABLE shifts (id bigint PRIMARY KEY, starts time, length integer NOT NULL DEFAULT 8, kind text);
INSERT INTO shifts SELECT i, time '06:00' + i * interval '1 minute', 8, 'day' FROM generate_series(1, 200) i;
