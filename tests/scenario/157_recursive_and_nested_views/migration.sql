DROP VIEW paths;
-- segue: up nodes.label = upper(label)
-- segue: down nodes.label = lower(label)
ALTER TABLE nodes ALTER COLUMN label TYPE varchar(100);
ALTER TABLE nodes RENAME COLUMN parent TO parent_id;
CREATE RECURSIVE VIEW paths (id, path) AS
    SELECT id, label::text FROM nodes WHERE parent_id IS NULL
    UNION ALL SELECT n.id, p.path || '/' || n.label FROM nodes n JOIN paths p ON p.id = n.parent_id;
CREATE VIEW leaves AS
    WITH inner_nodes AS (SELECT DISTINCT parent_id FROM nodes WHERE parent_id IS NOT NULL)
    SELECT p.* FROM paths p WHERE NOT EXISTS (SELECT FROM inner_nodes i WHERE i.parent_id = p.id);
