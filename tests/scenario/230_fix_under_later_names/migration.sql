ALTER TABLE "Order Lines" RENAME COLUMN "Qty" TO quantity;
ALTER TABLE "Order Lines" RENAME TO order_lines;
-- segue: phase expand
UPDATE order_lines SET quantity = 1 WHERE order_lines.quantity = 0 AND note = 'n';
ALTER TABLE order_lines ADD CONSTRAINT positive CHECK (quantity > 0);
