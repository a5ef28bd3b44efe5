-- The migrations that are under way, the oldest first, with what each of them touches (plan.h).
SELECT coalesce(json_agg(json_build_object('name', name, 'schema', schema, 'old_version', old_version,
                                           'new_version', new_version, 'touches', plan -> 'touches') ORDER BY id), '[]')
FROM segue.migrations
WHERE state NOT IN ('completed', 'rolled-back')
