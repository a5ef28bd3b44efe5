-- segue: up days.n = n::bigint
-- segue: down days.n = n::integer
-- segue: up days.note = '<' || note || '>'
-- segue: down days.note = substr(note, 2, length(note) - 2)
ALTER TABLE days ALTER COLUMN n TYPE bigint;
ALTER TABLE days ALTER COLUMN note TYPE varchar(100);
ALTER TABLE days ADD COLUMN more integer NOT NULL DEFAULT 3;
