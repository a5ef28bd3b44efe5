-- segue: up coupons.percent = least(percent, 100)
ALTER TABLE coupons ADD CONSTRAINT percent_at_most_100 CHECK (percent <= 100);
