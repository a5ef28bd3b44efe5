-- segue: goal "receipts go out by mail, so every customer has an address"
-- segue: up customer.email = coalesce(lower(email), 'customer-' || customer_id || '@unknown.example')
ALTER TABLE customer ALTER COLUMN email SET NOT NULL;
ALTER TABLE customer ADD CONSTRAINT customer_email_is_lower CHECK (email = lower(email));
-- segue: existing customer.receipt_by = 'paper'
ALTER TABLE customer ADD COLUMN receipt_by text NOT NULL DEFAULT 'mail' CHECK (receipt_by IN ('mail', 'paper', 'none'));
CREATE INDEX idx_customer_email ON customer (email text_pattern_ops);
DROP INDEX idx_last_name;
CREATE INDEX idx_customer_name ON customer (last_name, first_name) INCLUDE (email);
