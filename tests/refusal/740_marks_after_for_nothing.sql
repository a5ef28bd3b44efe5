-- segue: marks dbmate 20261122093000 after 20260101000000
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: dbmate keeps a row for each version: after means nothing to it
