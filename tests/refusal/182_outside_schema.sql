-- expect: is outside schema "public"
ALTER TABLE elsewhere.users ADD COLUMN a integer;
