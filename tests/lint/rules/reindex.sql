-- A plain SELECT waits as well: the planner locks every index of the table.
--: bad
REINDEX TABLE orders;
--: good
REINDEX TABLE CONCURRENTLY orders;
