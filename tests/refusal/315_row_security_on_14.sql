-- on: 14
-- expect: has row security, which views keep only from PostgreSQL 15 on
ALTER TABLE tenants ADD COLUMN a integer;
