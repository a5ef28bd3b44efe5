-- segue: marks dbmate 20261122093000
-- segue: marks dbmate 20261122093000
ALTER TABLE users ADD COLUMN marked text;
-- line: 2
-- expect: version 20261122093000 of dbmate is marked twice; the first time in line 1
