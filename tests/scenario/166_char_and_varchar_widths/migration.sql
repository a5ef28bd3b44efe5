-- segue: down codes.code = left(code, 6)
ALTER TABLE codes ALTER COLUMN code TYPE character varying(10);
-- segue: down codes.label = left(label, 20)
ALTER TABLE codes ALTER COLUMN label TYPE character varying(80);
-- segue: up   codes.remark = left(remark, 30)
-- segue: down codes.remark = remark
ALTER TABLE codes ALTER COLUMN remark TYPE character varying(30) USING left(remark, 30);
