-- segue: down messages.id = id::integer
-- segue: down messages.reply_to = reply_to::integer
-- segue: down attachments.id = id::smallint
-- segue: down attachments.message = message::integer
ALTER TABLE messages ALTER COLUMN id TYPE bigint;
ALTER TABLE messages ALTER COLUMN reply_to TYPE bigint;
ALTER SEQUENCE messages_id_seq AS bigint CACHE 5;
ALTER TABLE attachments ALTER COLUMN id TYPE integer, ALTER COLUMN message TYPE bigint;
ALTER SEQUENCE attachments_id_seq AS integer;
ALTER SEQUENCE attachments_id_seq RENAME TO attachment_numbers;
