-- New tables and columns whose types and names are discussed; nothing waits and nothing fails.
-- script: serial key
-- risk: an integer key runs out
CREATE TABLE IF NOT EXISTS t (id serial PRIMARY KEY);
-- script: bigserial key
CREATE TABLE IF NOT EXISTS t (id bigserial PRIMARY KEY);
-- script: smallserial key
-- risk: a smallint key runs out
CREATE TABLE IF NOT EXISTS t (id smallserial PRIMARY KEY);
-- script: integer key
-- risk: an integer key runs out
CREATE TABLE IF NOT EXISTS t (id integer PRIMARY KEY);
-- script: integer identity key
-- risk: an integer key runs out
CREATE TABLE IF NOT EXISTS t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
-- script: integer key as a table constraint
-- risk: an integer key runs out
CREATE TABLE IF NOT EXISTS t (id integer, PRIMARY KEY (id));
-- script: smallint key
-- risk: a smallint key runs out
CREATE TABLE IF NOT EXISTS t (id smallint PRIMARY KEY);
-- script: integer reference to a bigint key
-- risk: an integer reference cannot hold every key
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, order_id integer);
ALTER TABLE t ADD CONSTRAINT t_order FOREIGN KEY (order_id) REFERENCES orders NOT VALID;
-- script: integer that is no key
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, pieces integer);
-- script: smallint that is no key
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, stars smallint);
-- script: integer column added
ALTER TABLE orders ADD COLUMN pieces integer;
-- script: bigint identity key
CREATE TABLE IF NOT EXISTS t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
-- script: uuid key
CREATE TABLE IF NOT EXISTS t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
-- script: varchar with a limit
-- risk: a smaller limit writes every row
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, name varchar(100));
-- script: varchar without a limit
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, name varchar);
-- script: varchar with a limit added
-- risk: a smaller limit writes every row
ALTER TABLE orders ADD COLUMN name varchar(100);
-- script: character varying written out
-- risk: a smaller limit writes every row
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, name character varying(50));
-- script: char
-- risk: char pads with blanks
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, code char(3));
-- script: char of one
-- risk: char pads with blanks
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, code char);
-- script: character added
-- risk: char pads with blanks
ALTER TABLE orders ADD COLUMN code character(2);
-- script: bpchar
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, code bpchar);
-- script: text
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, name text);
-- script: timestamp
-- risk: its meaning depends on who writes it
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, made timestamp);
-- script: timestamp without time zone written out, with places
-- risk: its meaning depends on who writes it
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, made timestamp(3) without time zone);
-- script: timestamp added
-- risk: its meaning depends on who writes it
ALTER TABLE orders ADD COLUMN made timestamp;
-- script: timestamptz
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, made timestamptz);
-- script: timestamp with time zone written out
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, made timestamp with time zone);
-- script: time with time zone
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, opens timetz);
-- script: json
-- risk: json has no equality
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, data json);
-- script: json added
-- risk: json has no equality
ALTER TABLE orders ADD COLUMN data json;
-- script: jsonb
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, data jsonb);
-- script: money
-- risk: what it reads depends on a setting
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, price money);
-- script: real
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, weight real);
-- script: arrays of varchar
-- risk: a smaller limit writes every row
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, names varchar(20)[]);
-- script: table without a key
CREATE TABLE IF NOT EXISTS t (name text);
-- script: long table name
-- risk: the server cuts the name
CREATE TABLE IF NOT EXISTS a_name_that_is_much_longer_than_the_sixty_three_bytes_that_the_server_keeps (id bigint PRIMARY KEY);
-- script: long index name
-- risk: the server cuts the name
CREATE INDEX CONCURRENTLY IF NOT EXISTS an_index_name_that_is_much_longer_than_the_sixty_three_bytes_kept ON orders (quantity);
-- script: long column name
-- risk: the server cuts the name
ALTER TABLE orders ADD COLUMN a_column_name_that_is_much_longer_than_the_sixty_three_bytes_kept text;
-- script: long constraint name
-- risk: the server cuts the name
ALTER TABLE orders ADD CONSTRAINT a_constraint_name_that_is_much_longer_than_the_sixty_three_bytes CHECK (amount > -1) NOT VALID;
-- script: name of 63 bytes
CREATE TABLE IF NOT EXISTS a_name_that_is_just_as_long_as_what_the_server_keeps_so_it_fits (id bigint PRIMARY KEY);
-- script: quoted names
CREATE TABLE IF NOT EXISTS "Quoted; Name" ("a;b" bigint PRIMARY KEY, "select" text);
-- script: foreign key without an index
-- risk: deletes of orders read the whole table
SET lock_timeout = '200ms';
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
-- script: foreign key with an index
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE t (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
CREATE INDEX t_order ON t (order_id);
COMMIT;
