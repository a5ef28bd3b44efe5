-- segue: copy accounts from settings: id = account, theme = theme, flags = flags key (id)
-- segue: back settings from accounts: account = id, theme = theme, flags = flags
ALTER TABLE accounts ADD COLUMN theme text NOT NULL DEFAULT 'light', ADD COLUMN flags integer[] NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD CHECK (theme <> '');
DROP TABLE settings;
