-- segue: down letters.body = body::xml
ALTER TABLE letters ALTER COLUMN body TYPE text;
-- segue: up   letters.head = head::xml
-- segue: down letters.head = head::text
ALTER TABLE letters ALTER COLUMN head TYPE xml USING head::xml;
