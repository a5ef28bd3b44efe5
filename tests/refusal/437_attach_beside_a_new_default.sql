CREATE TABLE all_days (at date NOT NULL, n integer NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE all_days_rest PARTITION OF all_days DEFAULT;
ALTER TABLE all_days ATTACH PARTITION days_plain FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 3
-- expect: "days_plain" is attached at complete, when default partition "all_days_rest" may have rows that belong to it
