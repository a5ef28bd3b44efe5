-- expect: DROP COLUMN … CASCADE does not say what else it drops
ALTER TABLE users DROP COLUMN nick CASCADE;
