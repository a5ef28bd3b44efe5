-- segue: up people.first = split_part(name, ' ', 1)
-- segue: up people.rest = substr(name, strpos(name, ' ') + 1)
-- segue: down people.name = first || ' ' || rest
ALTER TABLE people ADD COLUMN first text NOT NULL, ADD COLUMN rest text NOT NULL, DROP COLUMN name;
-- segue: down people.age = age::integer
ALTER TABLE people ALTER COLUMN age TYPE bigint;
ALTER TABLE people RENAME COLUMN nick TO alias;
ALTER TABLE people ADD COLUMN country text DEFAULT 'nowhere';
-- segue: up staff.pay = salary * 12
-- segue: down staff.salary = pay / 12
ALTER TABLE staff ADD COLUMN pay bigint NOT NULL, DROP COLUMN salary;
