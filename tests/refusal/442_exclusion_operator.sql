ALTER TABLE booked ADD CONSTRAINT one_guest EXCLUDE USING gist (rooms WITH =);
-- line: 1
-- expect: data type integer has no default operator class for access method "gist"
