-- Every value of a narrower type fits the old one: up says how the rows are made to fit, and no down is needed.
-- segue: up codes.code = left(code, 36)
-- segue: up codes.label = left(label, 20)
-- segue: up codes.level = least(level, 2147483647)::integer
-- segue: up codes.rank = least(rank, 32767)
-- segue: up codes.remark = left(remark, 100)
ALTER TABLE codes ALTER COLUMN code TYPE character varying(36) USING left(code, 36);
ALTER TABLE codes ALTER COLUMN label TYPE character varying(20) USING left(label, 20);
ALTER TABLE codes ALTER COLUMN level TYPE integer USING least(level, 2147483647)::integer;
ALTER TABLE codes ALTER COLUMN rank TYPE smallint USING least(rank, 32767);
ALTER TABLE codes ALTER COLUMN remark TYPE character varying(100) USING left(remark, 100);
