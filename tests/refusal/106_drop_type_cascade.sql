DROP TYPE hue CASCADE;
-- line: 1
-- expect: DROP TYPE … CASCADE does not say what else it drops
