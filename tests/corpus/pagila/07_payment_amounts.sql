-- segue: goal "whole collections are rented, also in other currencies"
-- segue: down payment.amount = least(amount, 999.99)
DROP VIEW sales_by_store;
ALTER TABLE payment ALTER COLUMN amount TYPE numeric(10, 2);
ALTER TABLE payment ADD COLUMN currency character(3) NOT NULL DEFAULT 'EUR';
ALTER TABLE payment ADD CONSTRAINT payment_amount_not_negative CHECK (amount >= 0);
CREATE VIEW sales_by_store AS
    SELECT c.city || ',' || cy.country AS store, p.currency, sum(p.amount) AS total_sales
    FROM payment p
    JOIN rental r ON p.rental_id = r.rental_id
    JOIN inventory i ON r.inventory_id = i.inventory_id
    JOIN store s ON i.store_id = s.store_id
    JOIN address a ON s.address_id = a.address_id
    JOIN city c ON a.city_id = c.city_id
    JOIN country cy ON c.country_id = cy.country_id
    GROUP BY cy.country, c.city, s.store_id, p.currency;
