-- Pets of owners who are gone belong to nobody in the new version.
-- segue: up pets.owner_id = (SELECT o.id FROM owners o WHERE o.id = pets.owner_id)
ALTER TABLE pets ADD CONSTRAINT pets_owner FOREIGN KEY (owner_id) REFERENCES owners (id);
