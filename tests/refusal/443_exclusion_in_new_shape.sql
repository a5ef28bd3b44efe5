-- segue: up booked.span = CASE WHEN id < 3 THEN '[1,5)'::int8range END
-- segue: down booked.span = NULL
ALTER TABLE booked ALTER COLUMN span TYPE int8range USING NULL;
-- expect: 2 rows of booked violate constraint "apart" in their new shape
-- expect: id=1 and id=2
-- expect: let up give values that do not conflict
