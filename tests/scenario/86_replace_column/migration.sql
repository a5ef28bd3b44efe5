-- The old text column and the new date column carry one name.
-- segue: up   profiles.birthday = birthday::date
-- segue: down profiles.birthday = to_char(birthday, 'YYYY-MM-DD')
ALTER TABLE profiles ALTER COLUMN birthday TYPE date USING birthday::date;
ALTER TABLE profiles ALTER COLUMN birthday DROP NOT NULL;
ALTER TABLE profiles ALTER COLUMN birthday SET NOT NULL;
