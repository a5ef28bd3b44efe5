ALTER TABLE other_notes INHERIT notes;
ALTER TABLE long_notes NO INHERIT notes;
CREATE TABLE loud_notes (volume integer) INHERITS (notes);
CREATE INDEX ON notes (text);
