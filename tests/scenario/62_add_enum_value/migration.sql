-- segue: down orders.state = CASE WHEN state = 'returned' THEN 'shipped' ELSE state END
ALTER TYPE order_state ADD VALUE 'returned';
