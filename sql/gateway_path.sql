-- The search path of the session that asks.
SELECT pg_catalog.current_setting('search_path')
