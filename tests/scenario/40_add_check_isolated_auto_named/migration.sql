-- segue: up coupons.percent = least(percent, 100)
ALTER TABLE coupons ADD CHECK (percent <= 100);
