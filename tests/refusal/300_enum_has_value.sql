-- expect: type "mood" has the value 'sad' already
ALTER TYPE mood ADD VALUE 'sad';
