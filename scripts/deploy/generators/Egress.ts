import { outside } from "@retro/station/ServiceGraph"
import type { Manifest } from "../Manifest.ts"

/** What of the outside the mesh knows. The tiers speak TLS themselves. */
export const make = (): ReadonlyArray<Manifest> =>
  Object.values(outside).map(({ host, name, port }) => ({
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name },
    spec: {
      hosts: [host],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      ports: [{ number: port, name: "tls", protocol: "TLS" }],
      exportTo: ["."]
    }
  }))
