-- segue: up   tickets.state = state::ticket_state
-- segue: down tickets.state = state::text
CREATE TYPE ticket_state AS ENUM ('open', 'waiting', 'closed');
ALTER TABLE tickets ALTER COLUMN state DROP DEFAULT;
ALTER TABLE tickets ALTER COLUMN state TYPE ticket_state USING state::ticket_state;
ALTER TABLE tickets ALTER COLUMN state SET DEFAULT 'open';
