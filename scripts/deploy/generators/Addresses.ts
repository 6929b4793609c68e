import { type Tier, tiers } from "@retro/process/Tiers"
import { calls, type Server, store } from "@retro/station/ServiceGraph"

/** The variables of a tier that say where those are whom it needs. */
export const of = (tier: Tier, address: (server: Server) => string): ReadonlyMap<string, string> => {
  const variables = new Map(calls[tier].map(({ to }) => [tiers[to].address as string, address(to)]))
  return store.users.some((user) => user === tier)
    ? variables.set("REDIS_ADDR", `${store.name}:${store.port}`)
    : variables
}

/** Through the virtual address of a service; a mesh, where there is one, balances calls. */
export const clusterIp = (server: Server): string => `${server}:${tiers[server].port}`

/** Every pod of a service by its own address, for callers that balance calls themselves. */
export const headless = (server: Server): string => `dns:///${server}-headless:${tiers[server].port}`

/** As a file of variables. */
export const print = (comment: string, variables: ReadonlyMap<string, string>): string =>
  [`# ${comment}`, ...Array.from(variables, (pair) => pair.join("=")), ""].join("\n")
