-- The statements that gateways have seen, the ones called most first.
SELECT fingerprint, role, version, text, calls FROM segue.statements ORDER BY calls DESC, fingerprint, role, version
