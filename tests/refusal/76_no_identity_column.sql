-- expect: column "id" of table "numbered" is not an identity column
ALTER TABLE numbered ALTER COLUMN id SET GENERATED ALWAYS;
-- line: 2
