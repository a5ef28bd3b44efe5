-- Settings that bear upon how fast a server works, as lines of a configuration file.
SELECT format('%s = ''%s''', name, current_setting(name)) AS line
FROM pg_settings
WHERE name IN ('shared_buffers', 'work_mem', 'maintenance_work_mem', 'effective_cache_size', 'min_wal_size', 'max_wal_size',
               'checkpoint_timeout', 'checkpoint_completion_target', 'fsync', 'full_page_writes', 'synchronous_commit', 'wal_level',
               'wal_compression', 'wal_buffers', 'max_worker_processes', 'max_parallel_workers', 'max_parallel_maintenance_workers',
               'max_parallel_workers_per_gather', 'random_page_cost', 'seq_page_cost', 'effective_io_concurrency',
               'maintenance_io_concurrency', 'jit', 'default_toast_compression', 'default_statistics_target', 'max_replication_slots',
               'max_wal_senders')
ORDER BY name
