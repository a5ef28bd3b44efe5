ALTER TABLE lines ADD COLUMN quantity integer NOT NULL DEFAULT 1 CHECK (quantity > 0);
ALTER TABLE lines ADD COLUMN discount integer CONSTRAINT discount_in_range CHECK (discount BETWEEN 0 AND 100);
