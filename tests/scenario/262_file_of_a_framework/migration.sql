BEGIN;
--
-- Add field to to letter, add field pages to letter: as a framework prints it
--
ALTER TABLE "letters" ADD COLUMN "to_id" bigint NULL CONSTRAINT "letters_to_id_8f2e9f10_fk_people_id" REFERENCES "people"("id") DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS "letters_to_id_8f2e9f10_fk_people_id" IMMEDIATE;
ALTER TABLE "letters" ADD COLUMN "pages" integer DEFAULT 1 NOT NULL CHECK ("pages" >= 0);
ALTER TABLE "letters" ALTER COLUMN "pages" DROP DEFAULT;
CREATE INDEX "letters_to_id_8f2e9f10" ON "letters" ("to_id");
COMMIT;
