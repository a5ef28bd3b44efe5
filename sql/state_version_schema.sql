-- The statements that make the empty first version of schema $1: nothing when the schema has a version already.
SELECT format('CREATE SCHEMA IF NOT EXISTS %1$I; GRANT USAGE ON SCHEMA %1$I TO PUBLIC; '
              'INSERT INTO segue.schemas (schema, current_version) VALUES (%2$L, %1$L)',
              ($1::text || '_base')::name, $1::text)
WHERE NOT EXISTS (SELECT 1 FROM segue.schemas WHERE schema = $1::text)
