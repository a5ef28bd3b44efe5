-- segue: marks dbmate 20261122093000 now
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: "now" stands behind the mark
-- expect: marks TOOL VERSION
