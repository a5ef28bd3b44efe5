-- segue: marks dbmate
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: the version that is marked is missing
-- expect: marks TOOL VERSION
