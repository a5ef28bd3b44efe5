COMMENT ON TABLE users IS 'costs $segue$';
-- expect: the file itself says $segue$
