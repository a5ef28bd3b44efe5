-- expect: may not be qualified by a database
ALTER TABLE other.public.users ADD COLUMN a integer;
