-- as: app_login
-- segue: marks dbmate 20261122093000
ALTER TABLE watched ADD COLUMN marked text;
-- expect: the role may not write the history of dbmate
-- expect: GRANT SELECT, INSERT
