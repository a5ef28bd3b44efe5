-- expect: sequence "nowhere_seq" does not exist in schema "public"
ALTER SEQUENCE nowhere_seq AS bigint;
-- line: 2
