ALTER TABLE visits RENAME TO visits_2025;
CREATE TABLE visits (
    id bigint CONSTRAINT visits_new_pkey PRIMARY KEY,
    page text NOT NULL,
    seconds integer
);
