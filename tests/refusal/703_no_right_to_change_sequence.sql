-- as: app_login
-- expect: role "app_login" may not change sequence "drawn"
ALTER SEQUENCE drawn CACHE 5;
