-- expect: DROP SEQUENCE … CASCADE does not say what else it drops
-- expect: write a DROP for each dependent object
DROP SEQUENCE drawn CASCADE;
-- line: 3
