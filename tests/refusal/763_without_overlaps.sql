CREATE TABLE stays (room bigint, nights daterange, PRIMARY KEY (room, nights WITHOUT OVERLAPS));
-- line: 1
-- expect: "without overlaps" came with PostgreSQL 18
-- expect: older way
