ALTER TABLE calls DETACH PARTITION calls_south;
DROP TABLE calls_west;
