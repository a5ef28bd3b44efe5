-- segue: marks sequelize 20261122093000-full-name.js
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: column name of table SequelizeMeta is of type integer, and sequelize makes another
