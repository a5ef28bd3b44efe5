ALTER TABLE messages ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE messages ADD COLUMN created_by text DEFAULT CURRENT_USER;
