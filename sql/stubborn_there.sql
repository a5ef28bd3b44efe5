-- Whether the state schema knows stubborn rows: one of an earlier segue does not until it is brought up to date.
SELECT to_regclass('segue.stubborn') IS NOT NULL
