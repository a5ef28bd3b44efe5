-- segue: down tokens.token = token::text
ALTER TABLE tokens ALTER COLUMN token TYPE uuid USING token::uuid;
