-- segue: phase contract
ALTER TYPE stage RENAME TO play_stage;
-- segue: phase contract
ALTER TYPE span RENAME TO seat_span;
ALTER TABLE plays ADD COLUMN hall text NOT NULL DEFAULT 'main';
