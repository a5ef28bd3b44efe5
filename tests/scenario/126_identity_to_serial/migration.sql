ALTER TABLE stops ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE stops_id_seq AS integer OWNED BY stops.id;
ALTER TABLE stops ALTER COLUMN id SET DEFAULT nextval('stops_id_seq');
ALTER TABLE rides ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE ride_numbers INCREMENT BY 3;
ALTER SEQUENCE ride_numbers OWNED BY rides.id;
ALTER TABLE rides ALTER COLUMN id SET DEFAULT nextval('public.ride_numbers'::regclass);
