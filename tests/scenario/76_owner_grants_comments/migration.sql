-- segue: up   salaries.pay = pay * 12
-- segue: down salaries.pay = pay / 12
-- segue: up   salaries.grade = pay / 500
ALTER TABLE salaries ALTER COLUMN pay TYPE bigint USING pay * 12;
ALTER TABLE salaries ADD COLUMN grade integer NOT NULL;
