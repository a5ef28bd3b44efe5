ALTER TYPE kind RENAME TO thing_kind;
ALTER DOMAIN short RENAME TO short_text;
ALTER TYPE pair RENAME TO number_and_text;
