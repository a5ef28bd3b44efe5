ALTER TABLE things
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN attributes jsonb NOT NULL DEFAULT '{"v": 1}',
    ADD COLUMN price numeric(14, 4) DEFAULT 0,
    ADD COLUMN valid_during tstzrange,
    ADD COLUMN address inet DEFAULT '127.0.0.1',
    ADD COLUMN pause interval DEFAULT '1 day',
    ADD COLUMN flags bit(4) DEFAULT B'0101',
    ADD COLUMN blob bytea DEFAULT '\x00ff',
    ADD COLUMN code char(5) DEFAULT 'abc';
COMMENT ON COLUMN things.tags IS 'it''s a list; of tags';
