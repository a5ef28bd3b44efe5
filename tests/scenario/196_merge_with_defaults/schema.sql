CREATE TABLE accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE
);
CREATE TABLE settings (
    account uuid PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    theme text NOT NULL DEFAULT 'light',
    flags integer[] NOT NULL DEFAULT '{}'
);
INSERT INTO accounts (email) SELECT 'm' || g || '@example.com' FROM generate_series(1, 400) AS g;
INSERT INTO settings SELECT id, CASE WHEN email LIKE '%7%' THEN 'dark' ELSE 'light' END, ARRAY[length(email)] FROM accounts WHERE email NOT LIKE '%9%';
