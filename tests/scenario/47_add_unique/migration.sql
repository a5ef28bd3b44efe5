ALTER TABLE domains ADD CONSTRAINT host_in_zone UNIQUE (zone, name);
ALTER TABLE domains ADD UNIQUE (serial_no);
