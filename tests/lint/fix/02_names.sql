--: before
CREATE SCHEMA "Of, us";
CREATE TABLE "Of, us"."Odd one" (id bigint, "a ""b""" integer, c integer);
INSERT INTO "Of, us"."Odd one" SELECT n, n, n FROM generate_series(1, 100) n;
CREATE TABLE a_table_whose_name_goes_on_for_longer_than_anybody_likes (a_column_whose_name_is_long_as_well integer, x integer);
INSERT INTO a_table_whose_name_goes_on_for_longer_than_anybody_likes SELECT n, n FROM generate_series(1, 100) n;
ALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > -1);
CREATE TABLE orders_code_key (a integer);
--: script
ALTER TABLE "Of, us"."Odd one" ADD PRIMARY KEY (id);
ALTER TABLE "Of, us"."Odd one" ADD UNIQUE ("a ""b""", c);
ALTER TABLE "Of, us"."Odd one" ADD CHECK ("a ""b""" > 0);
ALTER TABLE "Of, us"."Odd one" ALTER "a ""b""" SET NOT NULL;
ALTER TABLE a_table_whose_name_goes_on_for_longer_than_anybody_likes ADD UNIQUE (a_column_whose_name_is_long_as_well);
ALTER TABLE a_table_whose_name_goes_on_for_longer_than_anybody_likes ADD CHECK (a_column_whose_name_is_long_as_well > 0);
ALTER TABLE a_table_whose_name_goes_on_for_longer_than_anybody_likes ADD CHECK (a_column_whose_name_is_long_as_well > x - 1);
ALTER TABLE orders ADD CHECK (amount > -2);
ALTER TABLE orders ADD UNIQUE (code);
ALTER TABLE public.orders ADD FOREIGN KEY (customer_id) REFERENCES public.customers (id) DEFERRABLE INITIALLY DEFERRED;
