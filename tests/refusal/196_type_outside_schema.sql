-- expect: is outside schema "public"
CREATE TYPE elsewhere.a AS ENUM ();
