-- expect: default for column "number" cannot be cast automatically to type jsonb
-- expect: add it below this statement instead
-- line: 6
ALTER TABLE halves ALTER COLUMN number SET DEFAULT 4;
-- segue: down halves.number = number::text::integer
ALTER TABLE halves ALTER COLUMN number TYPE jsonb USING to_jsonb(number);
