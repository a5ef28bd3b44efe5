-- segue: copy fresh from halves: id = id, number = number, label = label key (id)
CREATE TABLE fresh (id bigserial PRIMARY KEY, number integer, label text);
DROP TABLE halves;
-- line: 1
-- expect: column "id" of table "fresh" draws numbers of its own, while rows come with those of "halves"
-- expect: ALTER TABLE halves RENAME TO fresh
