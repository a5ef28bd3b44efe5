-- segue: down leases.net = net::cidr
ALTER TABLE leases ALTER COLUMN net TYPE inet;
-- segue: up   leases.lasts = extract(epoch FROM lasts)::bigint
-- segue: down leases.lasts = make_interval(secs => lasts)
ALTER TABLE leases ALTER COLUMN lasts DROP DEFAULT,
    ALTER COLUMN lasts TYPE bigint USING extract(epoch FROM lasts)::bigint,
    ALTER COLUMN lasts SET DEFAULT 3600;
-- segue: up   leases.seconds = make_interval(secs => seconds)
-- segue: down leases.seconds = extract(epoch FROM seconds)::integer
ALTER TABLE leases ALTER COLUMN seconds TYPE interval(0) USING make_interval(secs => seconds);
