-- auth: AlterField on username, email and last_name
-- segue: down auth_user.username = left(username, 150)
ALTER TABLE auth_user ALTER COLUMN username TYPE varchar(254);
ALTER TABLE auth_user ALTER COLUMN email TYPE varchar(320);
-- segue: down auth_user.email = left(email, 254)
ALTER TABLE auth_user ALTER COLUMN last_name TYPE text;
-- segue: down auth_user.last_name = left(last_name, 150)
ALTER TABLE auth_user ALTER COLUMN last_login DROP NOT NULL;
ALTER TABLE auth_user ADD COLUMN last_seen timestamp with time zone NULL;
ALTER TABLE auth_user ADD COLUMN two_factor boolean DEFAULT false NOT NULL;
