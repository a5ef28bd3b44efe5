CREATE TABLE takings (
    shop integer NOT NULL REFERENCES shops (id),
    day date NOT NULL,
    cents bigint NOT NULL CHECK (cents >= 0),
    PRIMARY KEY (shop, day)
) PARTITION BY RANGE (day);
CREATE TABLE takings_2026 PARTITION OF takings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE takings_late (cents bigint NOT NULL CONSTRAINT takings_cents_check CHECK (cents >= 0), day date NOT NULL, shop integer NOT NULL);
ALTER TABLE takings ATTACH PARTITION takings_late DEFAULT;
CREATE INDEX ON takings (cents);
ALTER TABLE shops RENAME COLUMN name TO title;
