CREATE TABLE countries (
    code char(2) PRIMARY KEY,
    name text NOT NULL
);
ALTER TABLE cities ADD COLUMN country char(2) REFERENCES countries (code);
CREATE INDEX cities_country ON cities (country);
