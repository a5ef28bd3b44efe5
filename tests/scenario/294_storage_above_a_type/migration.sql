-- segue: up notes.heading = title
-- segue: down notes.title = heading::text
-- segue: up notes.body = body
-- segue: down notes.body = body::text
ALTER TABLE notes ALTER COLUMN title SET STORAGE EXTERNAL;
ALTER TABLE notes RENAME COLUMN title TO heading;
ALTER TABLE notes ALTER COLUMN heading TYPE varchar(80);
ALTER TABLE notes ALTER COLUMN body TYPE varchar(400);
ALTER TABLE notes ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE notes ALTER COLUMN tail SET STORAGE MAIN;
