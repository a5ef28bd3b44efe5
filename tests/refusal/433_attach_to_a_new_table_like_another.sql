CREATE TABLE all_days (LIKE public.days_more INCLUDING ALL) PARTITION BY RANGE (at);
ALTER TABLE public.all_days ATTACH PARTITION public.days_plain FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 2
-- expect: child table is missing column "more"
