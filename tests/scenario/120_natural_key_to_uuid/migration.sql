-- segue: up   countries.id = md5(code)::uuid
-- segue: up   cities.country_id = md5(country)::uuid
-- segue: down cities.country = (SELECT code FROM countries c WHERE md5(c.code)::uuid = country_id)
ALTER TABLE cities DROP CONSTRAINT city_country;
ALTER TABLE countries ADD COLUMN id uuid NOT NULL;
ALTER TABLE countries DROP CONSTRAINT countries_pkey;
ALTER TABLE countries ADD PRIMARY KEY (id);
ALTER TABLE countries ADD CONSTRAINT country_code UNIQUE (code);
ALTER TABLE cities ADD COLUMN country_id uuid NOT NULL;
ALTER TABLE cities DROP COLUMN country;
ALTER TABLE cities ADD CONSTRAINT city_country FOREIGN KEY (country_id) REFERENCES countries;
