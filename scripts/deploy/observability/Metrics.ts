/**
 * The metrics that dashboards and alerts ask for, by the names that Prometheus gives them (OpenTelemetry's, with
 * underscores, unit and `_total`). A test asks a running shop for each: one that was renamed there fails it.
 */
export const metrics = {
  pages: "http_server_request_duration_seconds",
  answers: "rpc_server_call_duration_seconds",
  calls: "rpc_client_call_duration_seconds",
  store: "db_client_operation_duration_seconds",
  partsMissing: "shop_page_parts_missing_total",
  ordersInFlight: "journal_in_flight",
  ordersConcluded: "journal_concluded_total",
  ordersRecovered: "journal_recovered_total",
  ordersCompensated: "journal_compensated_total",
  ordersParked: "journal_parked_total",
  charges: "payment_charges_total",
  refunds: "payment_refunds_total",
  ratesAge: "currency_rates_age_seconds",
  cartErrors: "cart_store_errors_total",
  loopDelay: "nodejs_eventloop_delay_p99_seconds",
  collections: "v8js_gc_duration_seconds",
  memory: "process_memory_usage_bytes",
  cpu: "process_cpu_time_seconds_total",
  spans: "otel_sdk_processor_span_processed_total",
  target: "target_info"
} as const

/** What PromQL calls the parts of a histogram. */
export const bucket = (name: string): string => `${name}_bucket`
export const count = (name: string): string => `${name}_count`

/** Whether a text in a query is a metric of the shop, and of which kind of series. */
export const named = (series: string): boolean =>
  Object.values(metrics).some((name) => new RegExp(`^${name}(_bucket|_count|_sum)?$`).test(series))
