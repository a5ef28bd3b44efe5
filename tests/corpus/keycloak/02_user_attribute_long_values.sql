-- 24.0.0: long values of attributes, found by hash
-- segue: up user_attribute.long_value_hash = decode(md5(coalesce(value, '')), 'hex')
ALTER TABLE user_attribute ADD COLUMN long_value text;
ALTER TABLE user_attribute ADD COLUMN long_value_hash bytea;
ALTER TABLE user_attribute ADD CONSTRAINT user_attribute_one_value CHECK (value IS NULL OR long_value IS NULL);
CREATE INDEX user_attr_long_values ON user_attribute (long_value_hash, name);
