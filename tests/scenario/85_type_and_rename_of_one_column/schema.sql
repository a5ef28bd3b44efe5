CREATE TABLE meters (
    id bigint PRIMARY KEY,
    val integer NOT NULL,
    unit varchar(10) NOT NULL
);
CREATE INDEX meters_val ON meters (val);
INSERT INTO meters SELECT i, i, 'kWh' FROM generate_series(1, 700) i;
