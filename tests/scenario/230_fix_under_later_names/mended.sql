UPDATE "Order Lines" SET "Qty" = 1 WHERE "Qty" = 0 AND note = 'n';
