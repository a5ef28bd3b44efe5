CREATE TABLE a_table_whose_name_is_as_long_as_postgresql_lets_a_name_be_okay (
    id bigint PRIMARY KEY,
    a_column_whose_name_is_as_long_as_postgresql_lets_a_name_be_yes integer NOT NULL,
    b_column_whose_name_is_as_long_as_postgresql_lets_a_name_be_yes text
);
CREATE INDEX i_index_whose_name_is_as_long_as_postgresql_lets_a_name_be_fine
    ON a_table_whose_name_is_as_long_as_postgresql_lets_a_name_be_okay
    (a_column_whose_name_is_as_long_as_postgresql_lets_a_name_be_yes);
INSERT INTO a_table_whose_name_is_as_long_as_postgresql_lets_a_name_be_okay
SELECT i, i, 'b' || i FROM generate_series(1, 500) i;
