-- Each column takes the name that the next one gives up.
ALTER TABLE points RENAME COLUMN d TO "D";
ALTER TABLE points RENAME COLUMN c TO d;
ALTER TABLE points RENAME COLUMN b TO c;
ALTER TABLE points RENAME COLUMN a TO b;
