-- segue: goal "a customer's address is a model of its own"   owner: checkout
-- segue: copy shop_address from shop_customer: customer_id = id, line = address_line, city = address_city, country = address_country key (customer_id)
-- segue: back shop_customer from shop_address: address_line = line, address_city = city, address_country = country
-- segue: down shop_customer.address_line = ''
-- segue: down shop_customer.address_city = ''
-- segue: down shop_customer.address_country = ''
CREATE TABLE shop_address (
    customer_id bigint NOT NULL PRIMARY KEY CONSTRAINT shop_address_customer_id_5b1f0d66_fk_shop_customer_id
        REFERENCES shop_customer (id) DEFERRABLE INITIALLY DEFERRED,
    line character varying(200) NOT NULL,
    city character varying(100) NOT NULL,
    country character varying(2) NOT NULL
);
ALTER TABLE shop_customer DROP COLUMN address_line, DROP COLUMN address_city, DROP COLUMN address_country;
