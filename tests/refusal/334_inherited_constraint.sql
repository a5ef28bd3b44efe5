ALTER TABLE days_2025 DROP CONSTRAINT positive;
-- line: 1
-- expect: cannot drop inherited constraint "positive" of relation "days_2025"
-- expect: drop it from "days"
