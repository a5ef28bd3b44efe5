-- expect: a CHECK constraint cannot be deferred
ALTER TABLE users ADD COLUMN a integer CHECK (a > 0) DEFERRABLE;
