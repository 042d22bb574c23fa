/** What PostgreSQL is started with, every time: the command line wins over files in the cluster. */
export function postgresSettings(options: {
  clusterName: string;
  socketDir: string | null;
  port: number;
  diskBytes: number;
}): string[] {
  const megabyte = 1024 * 1024;
  // The log of changes may take a fifth of a small disk and at most 1 GB of a large one.
  const maxWalMegabytes = Math.round(Math.min(1024, Math.max(80, options.diskBytes / megabyte / 5)));
  const settings: Record<string, string | number> = {
    cluster_name: options.clusterName,
    listen_addresses: options.socketDir === null ? '127.0.0.1' : '',
    unix_socket_directories: options.socketDir ?? '',
    unix_socket_permissions: '0700',
    port: options.port,
    max_connections: 40,
    password_encryption: 'scram-sha-256',

    // What was acknowledged survives a power cut.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',

    // Small: the whole center fits in 500 MB.
    shared_buffers: '80MB',
    work_mem: '4MB',
    maintenance_work_mem: '48MB',
    effective_cache_size: '512MB',
    max_wal_size: `${maxWalMegabytes}MB`,
    min_wal_size: '64MB',
    wal_buffers: '4MB',
    checkpoint_completion_target: 0.9,
    io_method: 'sync',
    jit: 'off',
    max_worker_processes: 4,
    max_parallel_workers: 2,
    max_parallel_workers_per_gather: 0,
    autovacuum_max_workers: 2,
    autovacuum_naptime: '20s',

    // Nothing replicates from it.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,

    // An open writing transaction stalls the change feed.
    idle_in_transaction_session_timeout: '10s',

    // The server's own log tells of failures; statements and rows, which may hold secrets, stay out of it.
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: -1,
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  if (options.socketDir === null) delete settings['unix_socket_permissions'];
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
