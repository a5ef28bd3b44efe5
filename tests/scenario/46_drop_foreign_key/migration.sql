ALTER TABLE memberships DROP CONSTRAINT memberships_group_id_fkey;
