COMMENT ON INDEX letters_sender IS 'who wrote';
COMMENT ON INDEX letters_sent IS NULL;
COMMENT ON INDEX letters_pkey IS 'by number';
