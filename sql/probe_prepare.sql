-- The row that probes write.
INSERT INTO segue.probes (id, beats) VALUES (1, 0) ON CONFLICT DO NOTHING
