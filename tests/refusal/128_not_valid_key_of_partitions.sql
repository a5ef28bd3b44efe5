-- NOT VALID is not possible for a foreign key of a partitioned table before PostgreSQL 18.
ALTER TABLE measured ADD CONSTRAINT of_a_club FOREIGN KEY (value) REFERENCES teams (id) NOT VALID;
-- expect: cannot add NOT VALID foreign key on partitioned table "measured"
-- line: 2
-- on: 15
