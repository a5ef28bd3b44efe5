-- expect: foreign key "watched_label" would rest on "halves_number", which the file drops
DROP INDEX halves_number;
ALTER TABLE halves ADD CONSTRAINT halves_number_key UNIQUE (number);
ALTER TABLE watched ADD COLUMN number integer CONSTRAINT watched_label REFERENCES halves (number);
