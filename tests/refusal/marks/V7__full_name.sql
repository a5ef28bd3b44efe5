ALTER TABLE users ADD COLUMN marked text;
