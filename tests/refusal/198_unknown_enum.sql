-- expect: enum type "moods_of" does not exist
ALTER TYPE moods_of ADD VALUE 'glad';
