-- segue: down products.short_title = substr(title, 1, 8)
ALTER TABLE products DROP COLUMN short_title;
