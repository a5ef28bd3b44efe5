-- Statements name the table as it is called at their place in the file, the annotation as it is called at the end.
-- segue: up notes.length = coalesce(length(text), 0)
ALTER TABLE remarks ADD COLUMN length integer NOT NULL;
CREATE VIEW long_remarks AS SELECT text, length, at FROM remarks WHERE length > 4;
CREATE VIEW early_remarks AS SELECT r.id, r.length FROM public.remarks r;
CREATE STATISTICS remarks_length_at ON length, at FROM remarks;
CREATE TRIGGER remarked BEFORE UPDATE OF length ON remarks FOR EACH ROW EXECUTE FUNCTION remarked();
GRANT SELECT (length) ON remarks TO PUBLIC;
COMMENT ON VIEW long_remarks IS 'seen';
ALTER TABLE remarks RENAME TO notes;
