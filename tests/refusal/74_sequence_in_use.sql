-- expect: sequence "numbered_id_seq" cannot be dropped: column numbered.id draws from it
-- expect: drop that default or identity
DROP SEQUENCE numbered_id_seq;
-- line: 3
