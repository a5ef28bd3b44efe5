-- expect: data type json has no default operator class for access method "btree"
-- expect: index "halves_label" does not fit the new type
-- line: 5
-- segue: down halves.label = label::text
ALTER TABLE halves ALTER COLUMN label TYPE json USING to_json(label);
