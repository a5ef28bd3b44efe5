ALTER TABLE users RENAME COLUMN nick TO handle;
-- Over a table that the file leaves alone the primary key stands for all columns.
CREATE VIEW order_owners AS SELECT o.id, o.amount, count(u.handle) AS owners FROM orders o JOIN users u ON u.id = o.user_id GROUP BY o.id;
CREATE VIEW spent AS SELECT u.id, u.handle, sum(o.amount) AS total FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id, u.handle;
-- At complete there is a table again, with its key.
-- segue: phase contract
CREATE VIEW spent_late AS SELECT u.id, u.handle, sum(o.amount) AS total FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id;
