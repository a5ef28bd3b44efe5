CREATE TABLE cells (
    sheet integer NOT NULL,
    cell_name text NOT NULL,
    col integer NOT NULL,
    value text,
    PRIMARY KEY (sheet, cell_name, col)
);
INSERT INTO cells SELECT s, 'n' || n, c, 'v' || s || n || c FROM generate_series(1, 10) s, generate_series(1, 20) n, generate_series(1, 20) c;
