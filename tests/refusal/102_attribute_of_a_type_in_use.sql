ALTER TYPE money_amount ADD ATTRIBUTE rate numeric;
-- line: 1
-- expect: composite type "money_amount" cannot be changed online
-- expect: -- segue: down typed.price
