import { tiers } from "@retro/process/Tiers"
import type { Server } from "@retro/station/ServiceGraph"
import type { Manifest } from "../Manifest.ts"

/** A second Service for each tier, whose name answers with the address of every pod that is ready. */
export const make = (servers: ReadonlyArray<Server>): ReadonlyArray<Manifest> =>
  servers.map((server) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `${server}-headless` },
    spec: {
      clusterIP: "None",
      selector: { app: server },
      ports: [{ name: "grpc", port: tiers[server].port, targetPort: "grpc", appProtocol: "grpc" }]
    }
  }))
