-- Types changed: some only in the catalog, some row by row.
-- script: varchar to text
ALTER TABLE customers ALTER COLUMN name TYPE text;
-- script: varchar to text, SET DATA TYPE
SET lock_timeout = '200ms';
ALTER TABLE customers ALTER COLUMN name SET DATA TYPE text;
-- script: varchar made longer
ALTER TABLE customers ALTER COLUMN name TYPE varchar(200);
-- script: varchar without a limit
ALTER TABLE customers ALTER COLUMN name TYPE varchar;
-- script: varchar made shorter
ALTER TABLE customers ALTER COLUMN name TYPE varchar(50);
-- script: varchar made too short
ALTER TABLE customers ALTER COLUMN name TYPE varchar(3);
-- script: text to varchar
ALTER TABLE customers ALTER COLUMN phone TYPE varchar(30);
-- script: text to varchar without a limit
ALTER TABLE orders ALTER COLUMN note TYPE varchar;
-- script: char to text
ALTER TABLE customers ALTER COLUMN code TYPE text;
-- script: char made longer
ALTER TABLE customers ALTER COLUMN code TYPE char(20);
-- script: integer to bigint
ALTER TABLE orders ALTER COLUMN quantity TYPE bigint;
-- script: integer key to bigint
ALTER TABLE order_lines ALTER COLUMN id TYPE bigint;
-- script: integer to bigint, lock_timeout set
SET lock_timeout = '1s';
ALTER TABLE order_lines ALTER COLUMN id TYPE bigint;
-- script: bigint to integer
ALTER TABLE orders ALTER COLUMN product_id TYPE integer;
-- script: smallint to integer
ALTER TABLE customers ALTER COLUMN rank TYPE integer;
-- script: integer to numeric
ALTER TABLE orders ALTER COLUMN quantity TYPE numeric;
-- script: integer to text
ALTER TABLE orders ALTER COLUMN quantity TYPE text;
-- script: integer to text, USING
ALTER TABLE orders ALTER COLUMN quantity TYPE text USING quantity::text;
-- script: text to integer without USING
ALTER TABLE orders ALTER COLUMN note TYPE integer;
-- script: text to integer of what is no number
ALTER TABLE orders ALTER COLUMN note TYPE integer USING note::integer;
-- script: text to uuid
ALTER TABLE customers ALTER COLUMN uuid_text TYPE uuid USING uuid_text::uuid;
-- script: numeric with more digits
ALTER TABLE customers ALTER COLUMN balance TYPE numeric(14, 2);
-- script: numeric with more places
ALTER TABLE customers ALTER COLUMN balance TYPE numeric(14, 4);
-- script: numeric without a limit
ALTER TABLE customers ALTER COLUMN balance TYPE numeric;
-- script: numeric with fewer digits
ALTER TABLE customers ALTER COLUMN balance TYPE numeric(6, 2);
-- script: numeric to double precision
ALTER TABLE customers ALTER COLUMN balance TYPE double precision;
-- script: timestamp to timestamptz
ALTER TABLE customers ALTER COLUMN joined TYPE timestamptz;
-- script: timestamp to timestamptz while the time zone is UTC
SET timezone = 'UTC';
ALTER TABLE customers ALTER COLUMN joined TYPE timestamptz;
-- script: timestamp to timestamptz, AT TIME ZONE
ALTER TABLE customers ALTER COLUMN joined TYPE timestamptz USING joined AT TIME ZONE 'UTC';
-- script: timestamp to date
ALTER TABLE customers ALTER COLUMN joined TYPE date;
-- script: timestamptz with more places
ALTER TABLE customers ALTER COLUMN seen TYPE timestamptz(6);
-- script: timestamptz with fewer places
ALTER TABLE customers ALTER COLUMN seen TYPE timestamptz(0);
-- script: interval with more places
ALTER TABLE customers ALTER COLUMN open_hours TYPE interval(6);
-- script: json to jsonb
ALTER TABLE customers ALTER COLUMN settings TYPE jsonb;
-- script: jsonb to json
ALTER TABLE customers ALTER COLUMN extra TYPE json;
-- script: text to jsonb
ALTER TABLE customers ALTER COLUMN uuid_text TYPE jsonb USING to_jsonb(uuid_text);
-- script: enum to text
ALTER TABLE customers ALTER COLUMN feeling TYPE text;
-- script: text to an enum
ALTER TABLE customers ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE mood USING 'fine'::mood;
-- script: cidr to inet
ALTER TABLE customers ALTER COLUMN origin TYPE inet;
-- script: bits made longer
ALTER TABLE customers ALTER COLUMN flags TYPE varbit(16);
-- script: domain to its base type
ALTER TABLE customers ALTER COLUMN points TYPE integer;
-- script: integer to a domain with a constraint
ALTER TABLE customers ALTER COLUMN score TYPE positive;
-- script: text to a domain without a constraint
ALTER TABLE orders ALTER COLUMN note TYPE plain_text;
-- script: the same type
ALTER TABLE orders ALTER COLUMN note TYPE text;
-- script: the same type, USING the column
ALTER TABLE orders ALTER COLUMN note TYPE text USING note;
-- script: the same type, USING another value
ALTER TABLE orders ALTER COLUMN note TYPE text USING upper(note);
-- script: another collation
ALTER TABLE orders ALTER COLUMN note TYPE text COLLATE "C";
-- script: another collation of an indexed column
ALTER TABLE customers ALTER COLUMN name TYPE varchar(100) COLLATE "POSIX";
-- script: text to bytea
ALTER TABLE orders ALTER COLUMN note TYPE bytea USING note::bytea;
-- script: type of a column that a view shows
ALTER TABLE orders ALTER COLUMN amount TYPE numeric(12, 2);
-- script: two types at once
ALTER TABLE customers ALTER COLUMN name TYPE text, ALTER COLUMN phone TYPE varchar;
-- script: two types at once, one of them written
ALTER TABLE customers ALTER COLUMN name TYPE text, ALTER COLUMN rank TYPE bigint;
-- script: type of a parent of partitions
ALTER TABLE events ALTER COLUMN kind TYPE bigint;
-- script: type of a referenced key
ALTER TABLE orders ALTER COLUMN id TYPE numeric;
-- script: type of a table that this file makes
CREATE TABLE fresh (id bigint PRIMARY KEY, a integer);
ALTER TABLE fresh ALTER COLUMN a TYPE bigint;
-- script: attribute of a composite type in use
ALTER TYPE address ADD ATTRIBUTE zip text;
-- script: attribute of a composite type dropped
ALTER TYPE address DROP ATTRIBUTE street;
-- script: attribute of a composite type renamed
ALTER TYPE address RENAME ATTRIBUTE street TO road;
-- script: attribute of a composite type of another type
ALTER TYPE address ALTER ATTRIBUTE town TYPE varchar(50);
