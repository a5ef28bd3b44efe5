-- A gateway ends.
DELETE FROM segue.gateways WHERE id = $1::text
