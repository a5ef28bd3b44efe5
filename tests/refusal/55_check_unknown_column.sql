ALTER TABLE users ADD CHECK (agee > 0);
-- line: 1
-- expect: agee
