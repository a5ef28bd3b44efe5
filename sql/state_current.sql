-- Whether the state schema, which is there, is as this segue needs it.
SELECT to_regclass('segue.migrations_live') IS NOT NULL
   AND to_regclass('segue.carried') IS NOT NULL
   AND to_regclass('segue.passes') IS NOT NULL
   AND to_regclass('segue.stubborn') IS NOT NULL
   AND to_regclass('segue.pause') IS NOT NULL
   AND to_regclass('segue.probes') IS NOT NULL
   AND to_regclass('segue.adopted') IS NOT NULL
   AND to_regclass('segue.inventories') IS NOT NULL
   AND to_regprocedure('segue.whole_xid(bigint)') IS NOT NULL
   AND to_regclass('segue.gateways') IS NOT NULL
   AND to_regclass('segue.ramps') IS NOT NULL
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('segue.ramps') AND attname = 'resumes')
   AND to_regclass('segue.statements') IS NOT NULL
   AND to_regclass('segue.compared') IS NOT NULL
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('segue.compared') AND attname = 'translated')
