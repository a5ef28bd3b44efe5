CREATE TABLE "Größen" (
    "Id" bigint PRIMARY KEY,
    "Länge" integer NOT NULL,
    "a name of sixty-three bytes, which is as long as names may be!!" text
);
CREATE TABLE "SELECT" (id bigint PRIMARY KEY, "from" text);
CREATE VIEW "Übersicht" AS SELECT "Id", "Länge" FROM "Größen";
CREATE FUNCTION "Zähle"("Größe" integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION "Auslöser"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "Täglich ""neu""" BEFORE UPDATE OF "Länge" ON "Größen" FOR EACH ROW EXECUTE FUNCTION "Auslöser"();
CREATE POLICY "Nur größere" ON "Größen" USING ("Länge" > 0);
CREATE STATISTICS "Maße" ON "Länge", "Id" FROM "Größen";
INSERT INTO "Größen" SELECT i, i, 'x' FROM generate_series(1, 300) i;
INSERT INTO "SELECT" SELECT i, 'y' FROM generate_series(1, 100) i;
