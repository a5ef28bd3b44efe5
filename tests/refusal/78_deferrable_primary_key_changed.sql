-- expect: column "id" of table "queue" cannot be changed online: other objects depend on it
-- expect: deferrable primary key queue_pkey
-- segue: down queue.id = id::integer
ALTER TABLE queue ALTER COLUMN id TYPE bigint;
-- line: 4
