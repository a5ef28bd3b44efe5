-- expect: the name "teams" is taken already
ALTER INDEX users_pkey RENAME TO teams;
