-- segue: up   flags.bits = bits::integer
-- segue: down flags.bits = bits::bit(8)
ALTER TABLE flags ALTER COLUMN bits DROP DEFAULT,
    ALTER COLUMN bits TYPE integer USING bits::integer,
    ALTER COLUMN bits SET DEFAULT 1;
-- segue: down flags.mask = mask::bit varying(16)
ALTER TABLE flags ALTER COLUMN mask TYPE bit varying;
-- segue: up   flags.raw = encode(raw, 'hex')
-- segue: down flags.raw = decode(raw, 'hex')
ALTER TABLE flags ALTER COLUMN raw DROP DEFAULT,
    ALTER COLUMN raw TYPE text USING encode(raw, 'hex'),
    ALTER COLUMN raw SET DEFAULT '00';
