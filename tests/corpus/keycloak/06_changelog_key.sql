-- segue: goal "every table has a primary key: logical replication asks for it"
ALTER TABLE databasechangelog ADD CONSTRAINT databasechangelog_pkey PRIMARY KEY (id, author, filename);
ALTER TABLE realm_events_listeners ADD COLUMN since timestamp without time zone;
ALTER TABLE databasechangelog ADD COLUMN description character varying(255), ADD COLUMN tag character varying(255);
