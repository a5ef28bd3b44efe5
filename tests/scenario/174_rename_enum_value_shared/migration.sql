-- segue: phase expand
ALTER TYPE size RENAME VALUE 'l' TO 'large';
ALTER TABLE shirts ADD COLUMN colour text DEFAULT 'white';
