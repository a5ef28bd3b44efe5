-- segue: phase expand
DELETE FROM pets AS p WHERE NOT EXISTS (SELECT FROM owners WHERE owners.id = p.owner_id) AND p.owner_id IS NOT NULL;
ALTER TABLE pets ADD FOREIGN KEY (owner_id) REFERENCES owners ON DELETE CASCADE;
