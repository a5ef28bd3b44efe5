--: before
ALTER TABLE orders OWNER TO app_owner;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders OWNER TO app_login;
--: good
GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO app_owner, app_login;
--: application app_owner
SELECT id FROM orders WHERE id = 1;
