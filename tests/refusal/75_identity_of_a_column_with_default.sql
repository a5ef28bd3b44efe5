-- expect: column "id" of table "numbered" cannot become an identity: it has a default value
ALTER TABLE numbered ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- line: 2
