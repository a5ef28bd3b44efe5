DROP INDEX notes_title;
DROP INDEX CONCURRENTLY IF EXISTS notes_body;
DROP INDEX public.notes_once;
