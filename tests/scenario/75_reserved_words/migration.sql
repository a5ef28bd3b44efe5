-- segue: up   "select"."table" = "group" || '/' || coalesce("user", '')
-- segue: down "select"."group" = split_part("table", '/', 1)
-- segue: down "select"."user" = nullif(split_part("table", '/', 2), '')
ALTER TABLE "select" ADD COLUMN "table" text NOT NULL;
ALTER TABLE "select" DROP COLUMN "group";
ALTER TABLE "select" DROP COLUMN "user";
