-- Told where the trigger is known: of a file, `--schema-file` or `--url`.
--: before
CREATE FUNCTION trimmed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := trim(NEW.note); RETURN NEW; END';
CREATE TRIGGER note_trimmed BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION trimmed();
--: bad
CREATE OR REPLACE FUNCTION trimmed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := NEW.short_note; RETURN NEW; END';
--: good
CREATE FUNCTION trimmed_twice() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := trim(NEW.note); RETURN NEW; END';
SET lock_timeout = '100ms';
CREATE OR REPLACE TRIGGER note_trimmed BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION trimmed_twice();
--: application
UPDATE orders SET note = 'x' WHERE id = 1;
