-- segue: phase exand
-- expect: is not a phase; the nearest is expand
-- line: 1
ALTER TYPE mood ADD VALUE 'glad';
