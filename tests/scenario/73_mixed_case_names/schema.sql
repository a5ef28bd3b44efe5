CREATE TABLE "Order Items" (
    "Id" bigint PRIMARY KEY,
    "First Name" text NOT NULL,
    "ümlaut" text,
    "it's ""quoted""" integer DEFAULT 3
);
CREATE INDEX "Index On It" ON "Order Items" ("First Name");
GRANT SELECT ON "Order Items" TO "Mixed Role";
INSERT INTO "Order Items" SELECT i, 'Name' || i, 'ü' || i, i FROM generate_series(1, 600) i;
