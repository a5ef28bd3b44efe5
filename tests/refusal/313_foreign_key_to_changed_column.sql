-- expect: which this file changes
ALTER TABLE labels ALTER COLUMN code TYPE varchar(40);
-- segue: down labels.code = code
ALTER TABLE users ADD CONSTRAINT users_label FOREIGN KEY (nick) REFERENCES labels (code);
