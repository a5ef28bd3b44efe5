-- segue: up   tickets.id = 'T-' || lpad(id::text, 10, '0')
-- segue: down tickets.id = substr(id, 3)::integer
-- segue: up   replies.ticket = 'T-' || lpad(ticket::text, 10, '0')
-- segue: down replies.ticket = substr(ticket, 3)::integer
ALTER TABLE replies DROP CONSTRAINT reply_to;
ALTER TABLE tickets ALTER COLUMN id DROP DEFAULT;
ALTER TABLE tickets ALTER COLUMN id TYPE text USING 'T-' || lpad(id::text, 10, '0');
ALTER TABLE replies ALTER COLUMN ticket TYPE text USING 'T-' || lpad(ticket::text, 10, '0');
ALTER TABLE tickets ALTER COLUMN id SET DEFAULT 'T-' || lpad(nextval('tickets_id_seq')::text, 10, '0');
ALTER TABLE replies ADD CONSTRAINT reply_to FOREIGN KEY (ticket) REFERENCES tickets ON UPDATE CASCADE ON DELETE CASCADE;
