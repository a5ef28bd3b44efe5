-- segue: down papers.phase = CASE WHEN phase = 'idea' THEN 'draft' ELSE phase END
ALTER TYPE phase ADD VALUE 'idea' BEFORE 'draft';
ALTER TABLE papers ALTER COLUMN phase SET DEFAULT 'idea';
