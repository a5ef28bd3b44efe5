CREATE TABLE balances (
    id bigint PRIMARY KEY,
    amount integer NOT NULL
);
CREATE TABLE balance_log (
    id bigserial PRIMARY KEY,
    balance_id bigint NOT NULL,
    old_amount text,
    new_amount text
);
CREATE FUNCTION log_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.balance_log (balance_id, old_amount, new_amount)
    VALUES (NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.amount::text END, NEW.amount::text);
    RETURN NULL;
END $$;
INSERT INTO balances SELECT i, i * 10 FROM generate_series(1, 600) i;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OF amount ON balances FOR EACH ROW EXECUTE FUNCTION log_balance();
