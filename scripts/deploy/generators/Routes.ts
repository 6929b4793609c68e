import { contracts, longestDeadline, type Server, store } from "@retro/station/ServiceGraph"
import { Duration } from "effect"
import { hostname } from "../Cluster.ts"
import type { Manifest } from "../Manifest.ts"

/** Past the deadline of the slowest rpc: whoever calls gives up first, and only callers ask again. */
const timeout = (server: Server): string => `${Math.ceil(Duration.toSeconds(longestDeadline(server))) + 1}s`

const route = (server: Server): Manifest => ({
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  metadata: { name: server },
  spec: {
    hosts: [hostname(server)],
    http: [
      {
        route: [{ destination: { host: hostname(server) } }],
        timeout: timeout(server),
        retries: { attempts: 0 }
      }
    ]
  }
})

const destination = (name: string, connectionPool: object): Manifest => ({
  apiVersion: "networking.istio.io/v1",
  kind: "DestinationRule",
  metadata: { name },
  spec: {
    host: hostname(name),
    trafficPolicy: {
      tls: { mode: "ISTIO_MUTUAL" },
      loadBalancer: { simple: "LEAST_REQUEST" },
      connectionPool,
      // A pod that only fails is left out for half a minute, but never more than half of them.
      outlierDetection: {
        consecutiveGatewayErrors: 5,
        consecutive5xxErrors: 0,
        interval: "5s",
        baseEjectionTime: "30s",
        maxEjectionPercent: 50
      }
    }
  }
})

/** How calls reach each tier: no retries on the way, idle pods first, broken ones left out. */
export const make = (): ReadonlyArray<Manifest> => {
  const servers = Object.keys(contracts) as ReadonlyArray<Server>
  return [
    ...servers.map(route),
    ...servers.map((server) =>
      destination(server, { tcp: { connectTimeout: "1s" }, http: { http2MaxRequests: 1000 } })
    ),
    destination(store.name, { tcp: { connectTimeout: "1s", maxConnections: 200 } })
  ]
}
