ALTER TABLE prices DROP CONSTRAINT prices_pkey;
ALTER TABLE prices ADD PRIMARY KEY (product, region);
ALTER TABLE prices ADD CONSTRAINT price_id UNIQUE (id);
