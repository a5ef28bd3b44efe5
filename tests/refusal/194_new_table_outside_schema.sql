-- expect: is outside schema "public"
CREATE TABLE elsewhere.a (id integer);
