-- segue: up files.checksum = md5(content)
-- segue: up files.size = octet_length(content)
ALTER TABLE files ADD COLUMN checksum text NOT NULL;
ALTER TABLE files ADD COLUMN size bigint NOT NULL;
