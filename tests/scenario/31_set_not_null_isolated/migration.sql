-- segue: up users.email = coalesce(email, 'unknown-' || id || '@example.com')
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
