-- The server and database that a rehearsal copies; `like`: options of CREATE DATABASE for one that sorts and compares as this one does.
SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
       current_setting('server_version_num')::int / 10000 AS major,
       d.datname AS database, current_user AS "user",
       format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
           || CASE to_jsonb(d) ->> 'datlocprovider'
                  WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L',
                                       COALESCE(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
                  WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale')
                  ELSE '' END AS "like",
       pg_export_snapshot() AS snapshot,
       (SELECT c.system_identifier FROM pg_control_system() c) AS system
FROM pg_database d WHERE d.datname = current_database()
