--: script
ALTER TABLE orders
    ADD COLUMN a integer,
    ADD CONSTRAINT positive CHECK (amount > 0),
    ADD COLUMN b text,
    ADD UNIQUE (code), ADD CHECK (length(note) < 80 AND amount < 5000), ADD CHECK (id > 0),
    ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE,
    ALTER COLUMN amount SET NOT NULL;
