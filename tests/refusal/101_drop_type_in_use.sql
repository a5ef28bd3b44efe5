DROP TYPE hue;
-- line: 1
-- expect: type "hue" cannot be dropped: other objects depend on it
-- expect: column hue of table typed
