-- expect: ADD COLUMN with OPTIONS
ALTER TABLE users ADD COLUMN a text OPTIONS (b 'c');
