-- Calls all gateways of the database; in a transaction they hear it at its commit.
SELECT pg_notify('segue_gateway', $1::text)
