DROP INDEX days_2025_n_idx;
-- line: 1
-- expect: cannot drop index "days_2025_n_idx" because index "days_n" requires it
