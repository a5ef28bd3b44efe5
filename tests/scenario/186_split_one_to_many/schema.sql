CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    phone_home text,
    phone_work varchar(30)
);
INSERT INTO users (name, phone_home, phone_work)
SELECT 'user ' || g, CASE WHEN g % 3 > 0 THEN '030-' || g END, CASE WHEN g % 4 = 0 THEN '+49 ' || g END
FROM generate_series(1, 400) AS g;
