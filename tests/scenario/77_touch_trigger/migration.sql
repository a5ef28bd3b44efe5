-- segue: up posts.headline = upper(title)
ALTER TABLE posts ADD COLUMN headline text;
-- segue: down posts.views = least(views, 2147483647)
ALTER TABLE posts ALTER COLUMN views TYPE bigint;
