-- segue: goal "case-insensitive logins" owner: identity deadline: 2026-12-01
-- segue: up accounts.login_lower = lower(login)
-- segue: up accounts.level = coalesce(score, 0) / 3
ALTER TABLE accounts ADD COLUMN login_lower text NOT NULL;
ALTER TABLE accounts ADD COLUMN level integer NOT NULL;
