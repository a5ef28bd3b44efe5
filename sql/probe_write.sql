UPDATE segue.probes SET beats = beats + 1 WHERE id = 1
