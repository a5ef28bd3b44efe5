-- Whether the state schema knows passes: one of an earlier segue does not until it is brought up to date.
SELECT to_regclass('segue.passes') IS NOT NULL
