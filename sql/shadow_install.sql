-- Made where it is not there, which a role that may not make it can bear.
DO $do$
BEGIN
    IF to_regclass('segue_shadow.position') IS NULL THEN
        CREATE SCHEMA IF NOT EXISTS segue_shadow;
        CREATE TABLE IF NOT EXISTS segue_shadow.position (
            queue text PRIMARY KEY,
            number bigint NOT NULL,
            at timestamptz NOT NULL
        );
        COMMENT ON TABLE segue_shadow.position IS
            'How far each gateway has mirrored writes into this database: the number of its last transaction that is done here (segue gateway --shadow).';
    END IF;
END
$do$
