-- expect: sequence "numbered_place_seq" is the identity of a column: its owner cannot change
ALTER SEQUENCE numbered_place_seq OWNED BY NONE;
-- line: 2
