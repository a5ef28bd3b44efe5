CREATE INDEX logs_at ON logs (at);
CREATE INDEX ON logs (level, at DESC NULLS LAST);
CREATE INDEX ON logs (level, at DESC NULLS LAST);
CREATE UNIQUE INDEX logs_once ON logs (at, id);
