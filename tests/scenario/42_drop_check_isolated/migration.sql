-- segue: down loans.days = least(days, 29)
ALTER TABLE loans DROP CONSTRAINT loans_days_check;
