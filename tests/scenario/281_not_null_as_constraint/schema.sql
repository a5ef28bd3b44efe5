CREATE TABLE teams (id integer PRIMARY KEY, name text CONSTRAINT named NOT NULL, size integer NOT NULL, city text NOT NULL,
                    old integer NOT NULL NO INHERIT, kept integer NOT NULL);
INSERT INTO teams SELECT g, 'team ' || g, g % 11, 'city ' || g % 5, g, g FROM generate_series(1, 300) g;
COMMENT ON CONSTRAINT named ON teams IS 'a team has a name';
COMMENT ON CONSTRAINT teams_city_not_null ON teams IS 'a team has a city';
COMMENT ON CONSTRAINT teams_size_not_null ON teams IS 'a team has a size';
