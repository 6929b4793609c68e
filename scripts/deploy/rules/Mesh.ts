import { contracts, edges, store } from "@retro/station/ServiceGraph"
import { hostname, principal } from "../Cluster.ts"
import { type Manifest, title } from "../Manifest.ts"

interface Destination {
  readonly destination: { readonly host: string; readonly subset?: string }
  readonly weight?: number
}

interface VirtualService extends Manifest {
  readonly spec: {
    readonly hosts: ReadonlyArray<string>
    readonly gateways?: ReadonlyArray<string>
    readonly http?: ReadonlyArray<{
      readonly timeout?: string
      readonly retries?: { readonly attempts: number }
      readonly route: ReadonlyArray<Destination>
    }>
  }
}

interface DestinationRule extends Manifest {
  readonly spec: { readonly host: string; readonly subsets?: ReadonlyArray<{ readonly name: string }> }
}

interface AuthorizationPolicy extends Manifest {
  readonly spec: {
    readonly selector?: { readonly matchLabels: { readonly app?: string } }
    readonly rules?: ReadonlyArray<{
      readonly from?: ReadonlyArray<{ readonly source: { readonly principals?: ReadonlyArray<string> } }>
      readonly to?: ReadonlyArray<{ readonly operation: { readonly paths?: ReadonlyArray<string> } }>
    }>
  }
}

const ofKind = <M extends Manifest>(manifests: ReadonlyArray<Manifest>, kind: string) =>
  manifests.filter((manifest): manifest is M => manifest.kind === kind)

/** What is wrong with the parts of a composition that speak to Istio; nothing where there are none. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const isMesh = manifests.some(({ apiVersion }) => /\.istio\.io\//.test(apiVersion))
  return isMesh ? [...strictness(manifests), ...policies(manifests), ...routes(manifests), ...durations(manifests)] : []
}

const strictness = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const modes = ofKind<Manifest & { readonly spec: { readonly mtls?: { readonly mode: string } } }>(
    manifests,
    "PeerAuthentication"
  )
  const denials = ofKind<AuthorizationPolicy>(manifests, "AuthorizationPolicy").filter(
    ({ spec }) => Object.keys(spec).length === 0
  )
  return [
    ...(modes.length > 0 && modes.every(({ spec }) => spec.mtls?.mode === "STRICT")
      ? []
      : ["mutual TLS is not strict"]),
    ...(denials.length === 1 ? [] : ["what no policy names is not denied"])
  ]
}

/** "frontend → cartservice /retrostation.CartService/GetCart", for everything that is allowed, and for the graph. */
const policies = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const grpc = ofKind<AuthorizationPolicy>(manifests, "AuthorizationPolicy").filter(
    ({ spec }) => (spec.selector?.matchLabels.app ?? "") in contracts
  )
  const allowed = grpc.flatMap(({ spec }) =>
    (spec.rules ?? []).flatMap(({ from = [], to = [] }) => {
      const callers = from.flatMap(({ source }) => source.principals ?? ["*"])
      const paths = to.flatMap(({ operation }) => operation.paths ?? ["*"])
      return callers.flatMap((caller) => paths.map((path) => `${caller} → ${spec.selector?.matchLabels.app} ${path}`))
    })
  )
  const declared = edges.flatMap(({ from, paths, to }) => paths.map((path) => `${principal(from)} → ${to} ${path}`))
  return [
    ...allowed.filter((arrow) => !declared.includes(arrow)).map((arrow) => `allowed, but not in the graph: ${arrow}`),
    ...declared.filter((arrow) => !allowed.includes(arrow)).map((arrow) => `in the graph, but not allowed: ${arrow}`)
  ]
}

const routes = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const names = new Set(ofKind(manifests, "Service").map(({ metadata }) => hostname(metadata.name)))
  const rules = ofKind<DestinationRule>(manifests, "DestinationRule")
  const gateways = ["mesh", ...ofKind(manifests, "Gateway").map(({ metadata }) => metadata.name)]
  const hasSubset = ({ host, subset }: Destination["destination"]) =>
    subset === undefined ||
    rules.some(({ spec }) => spec.host === host && spec.subsets?.some(({ name }) => name === subset) === true)
  return [
    ...rules
      .filter(({ spec }) => !names.has(spec.host) && spec.host !== hostname(store.name))
      .map((rule) => `${title(rule)}: there is no ${rule.spec.host}`),
    ...ofKind<VirtualService>(manifests, "VirtualService").flatMap((service) => {
      const { gateways: bound = ["mesh"], hosts, http = [] } = service.spec
      const destinations = http.flatMap(({ route }) => route.map(({ destination }) => destination))
      const isGrpc = Object.keys(contracts).some((tier) => hosts.includes(hostname(tier)))
      return [
        ...bound.filter((gateway) => !gateways.includes(gateway)).map((gateway) => `there is no gateway ${gateway}`),
        ...destinations.filter(({ host }) => !names.has(host)).map(({ host }) => `there is no ${host}`),
        ...destinations.filter((it) => !hasSubset(it)).map(({ subset }) => `there is no subset ${subset}`),
        ...(http.every(({ retries }) => retries !== undefined) ? [] : ["leaves retries to the mesh"]),
        ...(isGrpc && http.some(({ retries }) => retries?.attempts !== 0) ? ["repeats calls: only callers may"] : []),
        ...(http.every(({ route }) => weightOf(route) === 100) ? [] : ["its weights are not 100 in sum"])
      ].map((problem) => `${title(service)}: ${problem}`)
    })
  ]
}

const weightOf = (route: ReadonlyArray<Destination>): number =>
  route.length === 1 ? (route[0]?.weight ?? 100) : route.reduce((sum, { weight = 0 }) => sum + weight, 0)

const durationFields = ["timeout", "connectTimeout", "interval", "baseEjectionTime", "idleTimeout", "perTryTimeout"]

/** Durations that no schema checks. */
const durations = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  manifests
    .filter(({ apiVersion }) => apiVersion.startsWith("networking.istio.io/"))
    .flatMap((manifest) => {
      const wrong: Array<string> = []
      JSON.stringify(manifest, (field, value: unknown) => {
        const isWrong = durationFields.includes(field) && !/^\d+(\.\d+)?(ms|s|m|h)$/.test(String(value))
        if (isWrong) wrong.push(`${title(manifest)}: ${field} is no duration: ${String(value)}`)
        return value
      })
      return wrong
    })
