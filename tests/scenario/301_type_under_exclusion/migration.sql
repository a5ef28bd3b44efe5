-- segue: up rents.days = CASE WHEN days IS NOT NULL THEN int8range(lower(days)::bigint, upper(days)::bigint) END
-- segue: down rents.days = CASE WHEN days IS NOT NULL THEN int4range(lower(days)::integer, upper(days)::integer) END
ALTER TABLE rents ALTER COLUMN days TYPE int8range USING CASE WHEN days IS NOT NULL THEN int8range(lower(days)::bigint, upper(days)::bigint) END;
-- segue: down rents.state = left(state, 10)
ALTER TABLE rents ALTER COLUMN state TYPE text;
ALTER TABLE rents RENAME COLUMN price TO monthly;
-- segue: down tags.tag = label::text
ALTER TABLE tags ALTER COLUMN tag TYPE varchar(40);
ALTER TABLE tags RENAME COLUMN tag TO label;
ALTER TABLE tags RENAME CONSTRAINT one_tag TO one_label;
