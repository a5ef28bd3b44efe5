-- expect: CREATE TABLE … OF type
CREATE TABLE a OF b;
