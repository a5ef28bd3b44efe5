CREATE TABLE assets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL
);
INSERT INTO assets SELECT md5(i::text)::uuid, 'asset ' || i FROM generate_series(1, 2000) i;
