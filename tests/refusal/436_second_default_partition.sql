CREATE TABLE days_rest PARTITION OF days DEFAULT;
ALTER TABLE days_plain ADD CONSTRAINT positive CHECK (n > 0);
ALTER TABLE days ATTACH PARTITION days_plain DEFAULT;
-- line: 3
-- expect: partition "days_plain" conflicts with existing default partition "days_rest"
