-- segue: up secrets.body_length = coalesce(length(body), 0)
ALTER TABLE secrets ADD COLUMN body_length integer NOT NULL;
