ALTER TYPE day_range RENAME TO days_between;
-- line: 1
-- expect: range type "day_range" cannot have another name for one version alone
-- expect: phase contract
