-- expect: the sequence of column "serial_number" would have another owner than its table
-- expect: write OWNER TO as a statement of its own below this one
-- line: 4
ALTER TABLE halves OWNER TO CURRENT_USER, ADD COLUMN serial_number serial;
