CREATE TABLE copies (LIKE templates INCLUDING ALL, made_at timestamptz DEFAULT now());
ALTER TABLE templates ADD COLUMN author text;
