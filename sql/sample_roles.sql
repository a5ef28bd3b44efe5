-- Statements that make roles of the names that are not the server's own.
SELECT format('CREATE ROLE %I', rolname) AS statement FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname
