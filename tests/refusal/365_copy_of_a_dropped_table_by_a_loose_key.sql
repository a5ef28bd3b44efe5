-- segue: copy tags from halves: label = label, number = number key (label)
CREATE TABLE tags (label text PRIMARY KEY, number integer);
DROP TABLE halves;
-- line: 1
-- expect: (label) is not unique in table "halves", which the file drops
