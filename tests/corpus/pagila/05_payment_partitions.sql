-- segue: goal "room for the payments of May and June; the old shop's go to the archive"
CREATE TABLE payment_p2026_05 PARTITION OF payment FOR VALUES FROM ('2026-05-01 00:00+00') TO ('2026-06-01 00:00+00');
CREATE TABLE payment_p2026_06 PARTITION OF payment FOR VALUES FROM ('2026-06-01 00:00+00') TO ('2026-07-01 00:00+00');
ALTER TABLE payment DETACH PARTITION payment_p2025_12;
COMMENT ON TABLE payment_p2025_12 IS 'closed; kept for the auditors until 2036';
