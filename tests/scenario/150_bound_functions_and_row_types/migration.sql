DROP FUNCTION top();
DROP PROCEDURE raise_all();
-- segue: down jobs.priority = least(priority, 2147483647)::integer
ALTER TABLE jobs ALTER COLUMN priority TYPE bigint;
CREATE FUNCTION top(OUT highest bigint, OUT lowest bigint) LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT max(priority), CASE WHEN true THEN min(priority) END FROM jobs;
END;
CREATE PROCEDURE raise_all(by bigint DEFAULT 1) LANGUAGE sql BEGIN ATOMIC
    UPDATE jobs SET priority = priority + by WHERE id < 0;
    DELETE FROM jobs WHERE id < -1;
END;
CREATE FUNCTION slow(j jobs) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT $1.priority < 3';
CREATE OR REPLACE FUNCTION states() RETURNS SETOF text LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT DISTINCT upper(state) FROM public.jobs;
END;
ALTER FUNCTION urgent(jobs) STRICT COST 200;
ALTER PROCEDURE raise_all(bigint) SECURITY DEFINER;
