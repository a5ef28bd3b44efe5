ALTER DOMAIN year ADD CHECK (VALUE > 1900);
-- expect: a constraint of domain "year" has no name by which it could be found
