-- expect: the type numeric cannot have these modifiers
ALTER TABLE users ADD COLUMN a numeric(1, 2, 3);
