-- segue: up handles.handle = handle || '#' || id
ALTER TABLE handles ADD CONSTRAINT handle_once UNIQUE (handle);
