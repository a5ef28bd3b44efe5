-- segue: marks dbmate v7
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: v7 is not a version of dbmate
-- expect: the digits at the beginning
