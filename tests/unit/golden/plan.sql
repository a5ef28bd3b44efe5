-- segue plan: 0007_full_name
-- goal: one name field for all locales
-- What segue sends, in order. To read, not to run: segue also retries locks, keeps a journal and
-- walks tables in chunks.

SET search_path = public, extensions;

-- ---- phase: check (segue start) ----

-- step: check/010/users/email
-- look for NULL in users.email
-- why: the new version promises NOT NULL, and rows that are there already must keep it
-- lock: ACCESS SHARE on public.users, held: scan
-- must count 0
SELECT count(*) FROM public.users WHERE email IS NULL;

-- ---- phase: expand (segue start) ----

-- step: expand/010/users/columns
-- add the hidden column of full_name to users, with its trigger and the running version's view
-- why: both shapes of a row live side by side until the old version is retired
-- lock: ACCESS EXCLUSIVE on public.users, held: instant
-- undo: DROP VIEW public_base.users;
-- undo: ALTER TABLE public.users DROP COLUMN _segue_1_full_name;
BEGIN;
ALTER TABLE public.users ADD COLUMN _segue_1_full_name text;
CREATE VIEW public_base.users AS SELECT id, first_name, last_name FROM public.users;
COMMIT;

-- ---- phase: backfill (segue start) ----

-- step: backfill/010/users
-- fill full_name in users
-- lock: ROW EXCLUSIVE on public.users, held: chunks
-- for each chunk: the range of the key stands for the two values that the walk puts in
SET LOCAL session_replication_role = replica;
UPDATE ONLY public.users
SET _segue_1_full_name = first_name || ' ' || last_name
WHERE (id, "Region") > (:after) AND (id, "Region") <= (:until)
  AND (_segue_1_full_name IS NULL);

-- step: backfill/020/users/users_full_name_idx
-- build index users_full_name_idx
-- lock: SHARE UPDATE EXCLUSIVE on public.users, held: build
-- undo: DROP INDEX CONCURRENTLY IF EXISTS public.users_full_name_idx;
-- outside a transaction block
CREATE INDEX CONCURRENTLY users_full_name_idx ON public.users (_segue_1_full_name);

-- ---- phase: verify (segue start) ----

-- step: verify/010/users
-- compare both shapes of every row of users
-- lock: none
-- for each chunk: the range of the key stands for the two values that the walk puts in
SELECT count(*) FROM ONLY public.users
WHERE (id, "Region") > (:after) AND (id, "Region") <= (:until)
  AND (_segue_1_full_name IS DISTINCT FROM first_name || ' ' || last_name);

-- ---- phase: activate (segue start) ----

-- step: activate/010/views
-- make the new version's views
-- lock: none
-- undo: DROP SCHEMA public_0007_full_name CASCADE;
BEGIN;
CREATE SCHEMA public_0007_full_name;
CREATE VIEW public_0007_full_name.users AS SELECT id, _segue_1_full_name AS full_name FROM public.users;
COMMIT;

-- ---- phase: contract (segue complete) ----

-- step: contract/010/users
-- drop the views and give users its final shape
-- lock: ACCESS EXCLUSIVE on public.users, held: instant
-- lock: SHARE ROW EXCLUSIVE on public.orders, held: instant
-- undo: none, the way back ends here
BEGIN;
DROP VIEW public_base.users;
DROP VIEW public_0007_full_name.users;
ALTER TABLE public.users DROP COLUMN first_name, DROP COLUMN last_name;
COMMIT;
