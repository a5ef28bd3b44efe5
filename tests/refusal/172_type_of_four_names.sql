-- expect: a name may be qualified by its schema only
ALTER TABLE users ADD COLUMN a other.public.some.type;
