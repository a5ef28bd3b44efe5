-- segue: copy pets from cats: kind = 'cat', id = id, name = name, lives = lives key (kind, id)
-- segue: back cats from pets: name = name, lives = coalesce(lives, 9)
-- segue: copy pets from dogs: kind = 'dog', id = id, name = name, breed = breed key (kind, id)
-- segue: back dogs from pets: name = name, breed = breed
CREATE TABLE pets (
    kind text NOT NULL CHECK (kind IN ('cat', 'dog')),
    id integer NOT NULL,
    name text NOT NULL,
    lives integer,
    breed text,
    PRIMARY KEY (kind, id)
);
DROP TABLE cats;
DROP TABLE dogs;
