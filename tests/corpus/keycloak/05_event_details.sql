-- 23.0.0: details of events may be longer; a partition for the third quarter
-- segue: down event_entity.details_json = left(details_json, 2550)
ALTER TABLE event_entity ALTER COLUMN details_json TYPE text;
ALTER TABLE event_entity ADD COLUMN details_json_long_value text;
CREATE TABLE event_entity_2036_q3 PARTITION OF event_entity FOR VALUES FROM (2096928000000) TO (2104876800000);
CREATE INDEX idx_event_entity_user_id_type ON event_entity (user_id, type, event_time);
