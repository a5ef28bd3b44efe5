-- segue: marks dbmate 20260101000000
ALTER TABLE users ADD COLUMN marked text;
-- expect: dbmate has version 20260101000000 already
