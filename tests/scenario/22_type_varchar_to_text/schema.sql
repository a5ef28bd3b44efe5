CREATE TABLE labels (
    id bigint PRIMARY KEY,
    title varchar NOT NULL,
    code varchar(20)
);
INSERT INTO labels SELECT i, 'title ' || i, 'c' || i FROM generate_series(1, 400) i;
