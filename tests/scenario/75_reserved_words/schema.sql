CREATE TABLE "select" (
    "order" bigint PRIMARY KEY,
    "group" text NOT NULL,
    "user" text
);
INSERT INTO "select" SELECT i, 'g' || i % 9, 'u' || i FROM generate_series(1, 500) i;
