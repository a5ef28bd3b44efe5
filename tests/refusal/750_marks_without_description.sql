-- segue: marks sqitch 2ee1f8232096ca3ba2481f2157847a2a102e64d2
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: sqitch needs a description
