CREATE TABLE customers (
    id bigint PRIMARY KEY,
    mail text NOT NULL,
    score integer NOT NULL DEFAULT 0,
    city text
);
CREATE VIEW everything AS SELECT * FROM customers;
CREATE VIEW mails AS SELECT mail FROM customers WHERE score >= 0;
CREATE MATERIALIZED VIEW scores AS SELECT score, count(*) FROM customers GROUP BY score;
CREATE FUNCTION mail_of(bigint) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT mail FROM customers WHERE id = $1;
END;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_mail BEFORE UPDATE OF mail ON customers FOR EACH ROW WHEN (OLD.mail <> NEW.mail)
    EXECUTE FUNCTION touched();
CREATE POLICY has_mail ON customers USING (mail <> '');
CREATE STATISTICS mail_score ON mail, score FROM customers;
CREATE INDEX lower_mail ON customers (lower(mail)) WHERE mail <> '';
INSERT INTO customers SELECT i, 'm' || i || '@example.com', i % 10, 'c' FROM generate_series(1, 300) i;
