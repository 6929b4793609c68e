import { type Tier, tiers } from "@retro/process/Tiers"
import { watchers } from "./Watchers.ts"

/** One that tells or asks another, at a port of that one. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly port: number
}

const { collector, grafana, jaeger, prometheus } = watchers

/**
 * Who sends to whom: every tier tells the collector, which tells Jaeger and is asked by Prometheus; Grafana asks both.
 * Nobody asks a tier: what watches the shop has no way into it.
 */
export const arrows: ReadonlyArray<Arrow> = [
  ...(Object.keys(tiers) as ReadonlyArray<Tier>).map((tier) => ({
    from: tier,
    to: collector.name,
    port: collector.ports["http-otlp"]
  })),
  { from: collector.name, to: jaeger.name, port: jaeger.ports["grpc-otlp"] },
  { from: prometheus.name, to: collector.name, port: collector.ports["http-metrics"] },
  { from: grafana.name, to: prometheus.name, port: prometheus.ports["http-web"] },
  { from: grafana.name, to: jaeger.name, port: jaeger.ports["http-web"] }
]
