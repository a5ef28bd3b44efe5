ALTER TABLE people RENAME COLUMN fname TO given_name;
ALTER TABLE people RENAME age TO years;
