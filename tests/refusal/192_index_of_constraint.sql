-- expect: belongs to a constraint of table "users": drop that
DROP INDEX users_pkey;
