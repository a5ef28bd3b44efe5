-- segue: down tasks.priority = CASE WHEN priority IN ('medium', 'lowest') THEN 'low' WHEN priority = 'urgent' THEN 'high' ELSE priority END
ALTER TYPE priority ADD VALUE 'medium' AFTER 'low';
ALTER TYPE priority ADD VALUE IF NOT EXISTS 'lowest' BEFORE 'low';
ALTER TYPE priority ADD VALUE 'urgent';
