DELETE FROM segue.baselines WHERE schema = $1::text
