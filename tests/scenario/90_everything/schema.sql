CREATE TYPE level AS ENUM ('basic', 'gold');
CREATE TABLE plans (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE subscriptions (
    id bigint PRIMARY KEY,
    plan integer NOT NULL,
    state text DEFAULT 'active',
    price integer NOT NULL CHECK (price >= 0),
    level level NOT NULL DEFAULT 'basic',
    comment text,
    phone text,
    CONSTRAINT subscription_once UNIQUE (plan, id)
);
CREATE INDEX subscriptions_state ON subscriptions (state);
CREATE INDEX subscriptions_price ON subscriptions (price);
INSERT INTO plans SELECT i, 'plan ' || i FROM generate_series(1, 200) i;
INSERT INTO subscriptions SELECT i, 1 + i % 200, CASE WHEN i % 5 > 0 THEN 'active' END, i, 'basic', 'c' || i, '+' || i
FROM generate_series(1, 2000) i;
