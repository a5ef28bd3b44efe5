-- segue: down memberships.id = person::bigint * 1000000000 + club
ALTER TABLE memberships DROP COLUMN id;
ALTER TABLE memberships ADD PRIMARY KEY (person, club);
