-- segue: goal "inventory will not run out of numbers"   owner: warehouse
-- segue: down inventory.inventory_id = inventory_id::integer
-- segue: down rental.inventory_id = inventory_id::integer
DROP MATERIALIZED VIEW rental_by_category;
DROP VIEW sales_by_store;
DROP FUNCTION film_in_stock(integer, integer);
DROP FUNCTION inventory_in_stock(integer);
ALTER TABLE inventory ALTER COLUMN inventory_id TYPE bigint;
ALTER TABLE rental ALTER COLUMN inventory_id TYPE bigint;
ALTER SEQUENCE inventory_inventory_id_seq AS bigint;
CREATE FUNCTION inventory_in_stock(p_inventory_id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM rental WHERE inventory_id = p_inventory_id AND return_date IS NULL)
$$;
CREATE FUNCTION film_in_stock(p_film_id integer, p_store_id integer, OUT p_film_count bigint)
RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT inventory_id FROM inventory
    WHERE film_id = p_film_id AND store_id = p_store_id AND inventory_in_stock(inventory_id)
$$;
CREATE VIEW sales_by_store AS
    SELECT c.city || ',' || cy.country AS store, m.first_name || ' ' || m.last_name AS manager, sum(p.amount) AS total_sales
    FROM payment p
    JOIN rental r ON p.rental_id = r.rental_id
    JOIN inventory i ON r.inventory_id = i.inventory_id
    JOIN store s ON i.store_id = s.store_id
    JOIN address a ON s.address_id = a.address_id
    JOIN city c ON a.city_id = c.city_id
    JOIN country cy ON c.country_id = cy.country_id
    JOIN staff m ON s.manager_staff_id = m.staff_id
    GROUP BY cy.country, c.city, s.store_id, m.first_name, m.last_name;
CREATE MATERIALIZED VIEW rental_by_category AS
    SELECT c.name AS category, count(*) AS rentals
    FROM rental r
    JOIN inventory i ON r.inventory_id = i.inventory_id
    JOIN film_category fc ON i.film_id = fc.film_id
    JOIN category c ON fc.category_id = c.category_id
    GROUP BY c.name;
CREATE UNIQUE INDEX rental_category ON rental_by_category (category);
