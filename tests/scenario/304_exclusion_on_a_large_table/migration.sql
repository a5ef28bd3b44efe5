-- segue: allow table-rewrite because "shifts are planned at night"
ALTER TABLE shifts ADD CONSTRAINT one_shift EXCLUDE USING gist (hours WITH &&);
