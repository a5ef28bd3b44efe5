-- The verifier of a role's password.
SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = $1::name
