ALTER TABLE customers RENAME COLUMN mail TO email;
ALTER TABLE customers RENAME TO clients;
ALTER TABLE clients ADD COLUMN phone text;
CREATE VIEW phones AS SELECT id, email, phone FROM clients;
CREATE OR REPLACE VIEW mails AS SELECT email AS mail, id FROM public.clients;
