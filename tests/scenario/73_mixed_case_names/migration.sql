-- segue: up   "Order Items"."Upper Name" = upper("First Name")
-- segue: down "Order Items"."First Name" = initcap("Upper Name")
-- segue: down "Order Items"."it's ""quoted""" = 4
ALTER TABLE "Order Items" ADD COLUMN "Upper Name" text NOT NULL;
ALTER TABLE "Order Items" DROP COLUMN "First Name";
ALTER TABLE "Order Items" RENAME COLUMN "ümlaut" TO "Ümlaut 2";
ALTER TABLE "Order Items" DROP COLUMN "it's ""quoted""";
