-- expect: DROP CONSTRAINT … CASCADE does not say what else it drops
ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE;
