-- expect: sequence "drawn" cannot be dropped: other objects depend on it
-- expect: view draws
DROP SEQUENCE drawn;
-- line: 3
