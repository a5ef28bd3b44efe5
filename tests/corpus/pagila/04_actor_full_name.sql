-- segue: goal "stage names are one field"   owner: catalogue   deadline: 2026-12-31
-- segue: up actor.full_name = first_name || ' ' || last_name
-- segue: down actor.first_name = split_part(full_name, ' ', 1)
-- segue: down actor.last_name = substr(full_name, strpos(full_name, ' ') + 1)
DROP VIEW film_list;
DROP VIEW actor_info;
ALTER TABLE actor ADD COLUMN full_name text NOT NULL;
ALTER TABLE actor DROP COLUMN first_name, DROP COLUMN last_name;
CREATE INDEX idx_actor_full_name ON actor (full_name);
CREATE VIEW film_list AS
    SELECT f.film_id AS fid, f.title, f.description, c.name AS category, f.rental_rate AS price, f.length, f.rating,
           group_concat(a.full_name) AS actors
    FROM category c
    JOIN film_category fc ON c.category_id = fc.category_id
    JOIN film f ON fc.film_id = f.film_id
    JOIN film_actor fa ON f.film_id = fa.film_id
    JOIN actor a ON fa.actor_id = a.actor_id
    GROUP BY f.film_id, f.title, f.description, c.name, f.rental_rate, f.length, f.rating;
CREATE VIEW actor_info AS
    SELECT a.actor_id, a.full_name, group_concat(DISTINCT c.name) AS film_info
    FROM actor a
    LEFT JOIN film_actor fa ON a.actor_id = fa.actor_id
    LEFT JOIN film_category fc ON fa.film_id = fc.film_id
    LEFT JOIN category c ON fc.category_id = c.category_id
    GROUP BY a.actor_id, a.full_name;
GRANT SELECT ON film_list TO app_reader;
