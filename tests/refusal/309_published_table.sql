-- expect: is published: its hidden columns would be sent to subscribers
ALTER TABLE outgoing ADD COLUMN a integer;
