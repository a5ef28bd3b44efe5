-- shop.0047: USE_TZ = True for orders too
-- segue: down shop_order.placed = placed AT TIME ZONE 'UTC'
ALTER TABLE shop_order ALTER COLUMN placed TYPE timestamp with time zone USING placed AT TIME ZONE 'UTC';
CREATE INDEX django_session_expire_date_brin ON django_session USING brin (expire_date);
ALTER TABLE django_admin_log ALTER COLUMN object_repr TYPE text;
-- segue: down django_admin_log.object_repr = left(object_repr, 200)
