-- segue: goal "one ""name"" field" owner: payments   deadline: 2026-12-01 note: bare text
-- segue: up s."T".c = a || t.b -- remark
--     || (select x from y /* z */ where y.i = T.i)
-- segue: existing t.c = 'old'
-- segue: allow drop-column because "nobody reads it"
/* -- segue: no /* nested */ */
ALTER TABLE t ADD c text; -- segue: phase expand
DROP TABLE u;
