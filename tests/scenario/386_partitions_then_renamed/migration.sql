-- What becomes a part of a table, or ceases to be one, has another name by complete.
ALTER TABLE events DETACH PARTITION events_2025;
ALTER TABLE events_2025 RENAME TO past_events;
ALTER TABLE events ATTACH PARTITION planned FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
ALTER TABLE planned RENAME TO events_2027;
ALTER TABLE boxes INHERIT things;
ALTER TABLE bags NO INHERIT things;
ALTER TABLE things RENAME TO goods;
ALTER TABLE events RENAME TO happenings;
