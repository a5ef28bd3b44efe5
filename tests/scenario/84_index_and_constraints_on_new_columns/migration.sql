-- segue: up persons.year = extract(year FROM born)::integer
-- segue: up persons.tag = code || '/' || id
ALTER TABLE persons ADD COLUMN year integer NOT NULL;
ALTER TABLE persons ADD COLUMN tag text;
CREATE INDEX persons_year ON persons (year DESC) WHERE year > 1951;
CREATE UNIQUE INDEX persons_tag ON persons (lower(tag));
ALTER TABLE persons ADD CONSTRAINT year_sane CHECK (year BETWEEN 1900 AND 2100);
ALTER TABLE persons ADD UNIQUE (year, tag);
COMMENT ON COLUMN persons.year IS 'of birth';
COMMENT ON CONSTRAINT year_sane ON persons IS 'people do not live that long';
ALTER TABLE persons ALTER COLUMN tag SET DEFAULT 'none';
