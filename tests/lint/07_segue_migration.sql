-- What segue start does by itself is a note in a migration of segue's.
-- expect: 9 note add-column-not-null
-- expect: 9 note prepared-select-star
-- expect: 9 note no-lock-timeout
-- expect: 9 note not-repeatable
-- expect: 10 note drop-column
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL,
    DROP COLUMN first_name;
-- expect: 10 note not-repeatable
