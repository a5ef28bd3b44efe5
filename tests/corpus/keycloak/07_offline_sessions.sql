-- 25.0.0: sessions count their versions; times as bigint
-- segue: down offline_user_session.created_on = created_on::integer
-- segue: down offline_user_session.last_session_refresh = last_session_refresh::integer
ALTER TABLE offline_user_session ALTER COLUMN created_on TYPE bigint, ALTER COLUMN last_session_refresh TYPE bigint;
ALTER TABLE offline_user_session ADD COLUMN version integer DEFAULT 0, ADD COLUMN broker_session_id character varying(1024);
DROP INDEX idx_offline_uss_createdon;
CREATE INDEX idx_user_session_expiration_created ON offline_user_session (realm_id, offline_flag, last_session_refresh, created_on);
ALTER TABLE offline_user_session DROP CONSTRAINT constraint_offl_us_ses_pk2;
ALTER TABLE offline_user_session ADD CONSTRAINT constraint_offl_us_ses_pk3 PRIMARY KEY (offline_flag, user_session_id);
