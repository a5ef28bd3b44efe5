-- expect: is used by more than columns
ALTER TYPE state ADD VALUE 'gone';
