-- segue: up stock.warehouse_id = place
ALTER TABLE stock ADD COLUMN warehouse_id integer REFERENCES warehouses (id);
ALTER TABLE stock ADD COLUMN backup_id integer CONSTRAINT stock_backup REFERENCES warehouses ON DELETE SET NULL;
