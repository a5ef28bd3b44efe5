-- expect: type "mood" has no value 'gloomy'
ALTER TYPE mood ADD VALUE 'glad' AFTER 'gloomy';
