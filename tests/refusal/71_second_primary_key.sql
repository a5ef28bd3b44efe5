-- expect: table "teams" has a primary key already: "teams_pkey"
-- expect: DROP CONSTRAINT
ALTER TABLE teams ADD PRIMARY KEY (name);
-- line: 3
