-- CONCURRENTLY would leave a constraint on the detached table.
ALTER TABLE measured DETACH PARTITION measured_2025 CONCURRENTLY;
-- expect: leaves a constraint behind
-- line: 2
