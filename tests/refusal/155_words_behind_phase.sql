-- segue: phase expand now
-- expect: stands behind the phase
-- line: 1
ALTER TYPE mood ADD VALUE 'glad';
