CREATE TYPE currency AS ENUM ('EUR', 'USD');
ALTER TABLE subscriptions RENAME COLUMN plan TO plan_id;
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_plan FOREIGN KEY (plan_id) REFERENCES plans (id) ON DELETE RESTRICT;
-- segue: up subscriptions.state = coalesce(state, 'none')
ALTER TABLE subscriptions ALTER COLUMN state SET NOT NULL;
ALTER TABLE subscriptions ALTER COLUMN state SET DEFAULT 'pending';
-- segue: up subscriptions.price = price / 100.0
-- segue: down subscriptions.price = round(price * 100)
ALTER TABLE subscriptions ALTER COLUMN price TYPE numeric(12, 2) USING price / 100.0;
ALTER TABLE subscriptions ADD COLUMN currency currency NOT NULL DEFAULT 'EUR';
ALTER TABLE subscriptions DROP COLUMN comment;
-- segue: existing subscriptions.verified = true
ALTER TABLE subscriptions ADD COLUMN verified boolean NOT NULL DEFAULT false;
DROP INDEX subscriptions_state;
CREATE INDEX subscriptions_state_plan ON subscriptions (state, plan_id) WHERE verified;
ALTER TABLE subscriptions RENAME CONSTRAINT subscription_once TO subscriptions_once;
COMMENT ON TABLE subscriptions IS 'who pays each month';
ALTER TABLE plans ADD COLUMN sort integer NOT NULL DEFAULT 0;
ALTER TABLE plans ADD UNIQUE (name);
