-- Whether the state, which is there, has what gateways need.
SELECT to_regclass('segue.ramps') IS NOT NULL AND to_regclass('segue.gateways') IS NOT NULL
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('segue.ramps') AND attname = 'resumes')
