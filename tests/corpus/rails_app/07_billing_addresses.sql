-- segue: goal "the address of an invoice is a record of its own"   owner: billing
-- segue: copy billing_addresses from invoices: invoice_id = id, name = billing_name, street = billing_street, city = billing_city, zip = billing_zip key (invoice_id)
-- segue: back invoices from billing_addresses: billing_name = name, billing_street = street, billing_city = city, billing_zip = zip
CREATE TABLE billing_addresses (
    invoice_id bigint NOT NULL PRIMARY KEY CONSTRAINT fk_rails_8d2f6f4c10 REFERENCES invoices (id) ON DELETE CASCADE,
    name character varying,
    street character varying,
    city character varying,
    zip character varying
);
ALTER TABLE invoices DROP COLUMN billing_name, DROP COLUMN billing_street, DROP COLUMN billing_city, DROP COLUMN billing_zip;
CREATE INDEX index_billing_addresses_on_city ON billing_addresses USING btree (city);
