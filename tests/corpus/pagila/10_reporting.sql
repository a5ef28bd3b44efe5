-- segue: goal "the reporting team reads what it needs, and plans are good"
CREATE OR REPLACE FUNCTION last_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.last_update = CURRENT_TIMESTAMP;
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE customer ADD COLUMN country_code character(2) COLLATE "C";
CREATE STATISTICS rental_customer_staff (dependencies, ndistinct) ON customer_id, staff_id FROM rental;
ALTER TABLE rental ALTER COLUMN customer_id SET STATISTICS 500;
CREATE VIEW customer_month AS
    SELECT customer_id, date_trunc('month', rental_date) AS month, count(*) AS rentals FROM rental GROUP BY 1, 2;
COMMENT ON VIEW customer_month IS 'rentals of a customer by month';
COMMENT ON COLUMN rental.due_date IS 'three days after the rental, at first';
GRANT SELECT ON customer_month, rental, inventory TO app_reader;
REVOKE DELETE ON payment FROM app_writer;
