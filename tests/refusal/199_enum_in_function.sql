-- expect: is used by more than plain columns
ALTER TYPE state ADD VALUE 'gone';
