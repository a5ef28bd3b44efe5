-- expect: is outside schema "public"
DROP INDEX elsewhere.users_email;
