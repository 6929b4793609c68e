import { Effect } from "effect"
import type { Bench } from "./Bench.ts"

/** Starts somebody who takes telemetry, on the core of the load; what a process needs to send all of its own there, and to drop none. */
export const start = (bench: Bench) =>
  Effect.map(
    bench.serve({ name: "collector", program: "scripts/bench/programs/Collector.ts", cores: bench.cores.load }),
    ({ port }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_MAX_QUEUE_SIZE: "100000",
      OTEL_BLRP_MAX_QUEUE_SIZE: "100000"
    })
  )
