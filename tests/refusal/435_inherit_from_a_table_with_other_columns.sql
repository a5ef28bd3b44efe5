ALTER TABLE days_plain INHERIT days_more;
-- line: 1
-- expect: child table is missing column "more"
