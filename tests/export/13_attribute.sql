ALTER TYPE point3 ADD ATTRIBUTE w integer;
-- expect: whether an attribute of type "point3" has been changed cannot be told
