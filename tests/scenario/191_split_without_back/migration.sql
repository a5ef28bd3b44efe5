-- what goes over as it is comes back as it is: no back is needed
-- segue: copy article_bodies from articles: article = id, body = body, words = words key (article)
CREATE TABLE article_bodies (
    article integer PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
    body text NOT NULL,
    words integer CHECK (words >= 0)
);
ALTER TABLE articles DROP COLUMN body, DROP COLUMN words;
