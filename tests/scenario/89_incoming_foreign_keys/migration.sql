-- segue: up parents.name = coalesce(name, '') || ' jr.'
-- segue: down parents.name = replace(name, ' jr.', '')
ALTER TABLE parents ALTER COLUMN name TYPE varchar(200) USING name || ' jr.';
ALTER TABLE children RENAME CONSTRAINT children_parent_code_fkey TO by_code;
