-- expect: type "mood" already exists
CREATE TYPE mood AS ENUM ();
