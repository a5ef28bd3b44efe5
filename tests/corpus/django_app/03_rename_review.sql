-- shop.0043: RenameModel Review to Rating, RenameField stars to score
ALTER TABLE shop_review RENAME TO shop_rating;
ALTER TABLE shop_rating RENAME COLUMN stars TO score;
ALTER TABLE shop_rating RENAME CONSTRAINT shop_review_customer_id_1d2c3b4a_fk_shop_customer_id TO shop_rating_customer_id_7f0d2c11_fk_shop_customer_id;
ALTER TABLE shop_rating RENAME CONSTRAINT shop_review_product_id_4f5e6d7c_fk_catalog_product_id TO shop_rating_product_id_e3a19b02_fk_catalog_product_id;
ALTER TABLE shop_rating ADD CONSTRAINT shop_rating_score_range CHECK (score >= 0);
