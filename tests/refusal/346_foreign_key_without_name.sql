ALTER TABLE days_plain RENAME TO days_old;
CREATE TABLE days_plain (at date NOT NULL, n integer NOT NULL) PARTITION BY RANGE (at);
ALTER TABLE days_plain ADD FOREIGN KEY (n) REFERENCES teams;
ALTER TABLE days_plain ATTACH PARTITION days_old FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 3
-- expect: a foreign key of table "days_plain", which is made at complete, needs a name
-- expect: ADD CONSTRAINT name FOREIGN KEY
