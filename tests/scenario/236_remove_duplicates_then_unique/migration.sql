-- segue: phase expand
DELETE FROM subscriptions WHERE NOT first;
ALTER TABLE subscriptions ADD CONSTRAINT once UNIQUE (email, topic);
-- segue: down subscriptions.first = true
ALTER TABLE subscriptions DROP COLUMN first;
