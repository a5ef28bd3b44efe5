-- segue: up contacts.zip = split_part(place, ' ', 1)
-- segue: up contacts.town = substr(place, strpos(place, ' ') + 1)
-- segue: down contacts.place = zip || ' ' || town
ALTER TABLE contacts ADD COLUMN zip text NOT NULL, ADD COLUMN town text NOT NULL, DROP COLUMN place;
