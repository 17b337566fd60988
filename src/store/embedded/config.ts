/** What the embedded server may use of the machine. */
export interface EmbeddedLimits {
  readonly memoryBytes: number;
  readonly markCacheBytes: number;
  /** Most time of one query, in seconds. */
  readonly querySeconds: number;
}

export const DEFAULT_EMBEDDED_LIMITS: EmbeddedLimits = {
  memoryBytes: 3_000_000_000,
  markCacheBytes: 256 * 2 ** 20,
  querySeconds: 30,
};

/** Server settings; paths are made by us, never taken from input. */
export function configXml(directory: string, usersPath: string, limits: EmbeddedLimits): string {
  return `<clickhouse>
  <logger><log>${directory}/server.log</log><errorlog>${directory}/server.err.log</errorlog><size>10M</size><count>2</count></logger>
  <users_config>${usersPath}</users_config>
  <max_server_memory_usage>${limits.memoryBytes}</max_server_memory_usage>
  <mark_cache_size>${limits.markCacheBytes}</mark_cache_size>
  <!-- Merges give way to queries and inserts: few at a time, and last in line. The three limits below fit a pool of two. -->
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <merge_tree>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
  <os_threads_nice_value_merge_mutate>10</os_threads_nice_value_merge_mutate>
</clickhouse>
`;
}

/**
 * Users: `default`, which the local session needs without a password, may start the listener and nothing else, so that
 * nobody on this machine can read files or tables through it; `adit` owns the data, with a password made for this start.
 */
export function usersXml(password: string, limits: EmbeddedLimits): string {
  return `<clickhouse>
  <profiles>
    <default>
      <async_insert>0</async_insert>
      <output_format_json_quote_64bit_integers>1</output_format_json_quote_64bit_integers>
    </default>
    <adit>
      <async_insert>0</async_insert>
      <output_format_json_quote_64bit_integers>1</output_format_json_quote_64bit_integers>
      <max_execution_time>${limits.querySeconds}</max_execution_time>
      <max_memory_usage>${Math.floor(limits.memoryBytes * 0.66)}</max_memory_usage>
      <!-- Short queries: no thread for formatting, no compilation, no sampling of stacks. -->
      <output_format_parallel_formatting>0</output_format_parallel_formatting>
      <compile_expressions>0</compile_expressions>
      <compile_aggregate_expressions>0</compile_aggregate_expressions>
      <compile_sort_description>0</compile_sort_description>
      <query_profiler_real_time_period_ns>0</query_profiler_real_time_period_ns>
      <query_profiler_cpu_time_period_ns>0</query_profiler_cpu_time_period_ns>
      <log_queries>0</log_queries>
    </adit>
  </profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <password></password><networks><ip>127.0.0.1</ip><ip>::1</ip></networks><profile>default</profile><quota>default</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants>
    </default>
    <adit>
      <password>${password}</password><networks><ip>127.0.0.1</ip><ip>::1</ip></networks><profile>adit</profile><quota>default</quota>
      <grants><query>GRANT ALL ON adit.*</query><query>GRANT SELECT ON system.*</query><query>GRANT TABLE ENGINE ON *</query></grants>
    </adit>
  </users>
</clickhouse>
`;
}
