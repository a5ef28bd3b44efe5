-- Whether the state schema knows baselines: one of an earlier segue does not until it is brought up to date.
SELECT to_regclass('segue.adopted') IS NOT NULL
