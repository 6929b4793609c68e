import { tiers } from "@retro/process/Tiers"
import { contracts } from "@retro/station/ServiceGraph"
import { readdirSync, readFileSync } from "node:fs"
import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

const sources = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|py)$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !/\/(node_modules|dist|test|generated|static)\//.test(path))

/** Every text in the programs that looks like a variable of the environment. */
const variables: ReadonlySet<string> = new Set(
  sources("packages").flatMap((path) =>
    Array.from(readFileSync(path, "utf8").matchAll(/"([A-Z][A-Z0-9_]+)"/g), ([, name = ""]) => name)
  )
)

/** The variables that a container is given, by value and by ConfigMap. */
const given = (container: Workload.Container, manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => [
  ...(container.env ?? []).map(({ name }) => name),
  ...(container.envFrom ?? []).flatMap(({ configMapRef }) =>
    manifests
      .filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === configMapRef?.name)
      .flatMap(({ data }) => Object.keys(data as Readonly<Record<string, string>>))
  )
]

/** Variables that no program reads. */
const unread = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) =>
    Workload.containers(workload).flatMap((container) =>
      given(container, manifests)
        .filter((name) => !variables.has(name))
        .map((name) => `${title(workload)}, ${container.name}: no program reads ${name}`)
    )
  )

const isTier = (name: string): name is keyof typeof tiers => name in tiers
const isServer = (name: string): name is keyof typeof contracts => name in contracts

/** Tiers that are not where their callers look for them, or do not listen where they are looked for. */
const ports = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) => {
    const { name } = workload.metadata
    if (!isTier(name)) return []
    const { port } = tiers[name]
    const [container] = workload.spec.template.spec.containers
    const told = container?.env?.find((variable) => variable.name === "PORT")?.value
    const open = container?.ports?.map(({ containerPort }) => containerPort) ?? []
    return [
      ...(told === String(port) ? [] : [`${title(workload)}: PORT is ${told}, its code says ${port}`]),
      ...(open.length === 1 && open[0] === port ? [] : [`${title(workload)}: has port ${open.join()}, not ${port}`]),
      ...(isServer(name) && container !== undefined ? asked(workload, container, name) : [])
    ]
  })

/** The name under which a tier tells its health, which start-up and readiness ask for; liveness asks for the process. */
const asked = (workload: Workload.Workload, container: Workload.Container, name: keyof typeof contracts) => {
  const [, service] = Object.values(contracts[name].wire)[0]?.path.split("/") ?? []
  const questions = [
    ["startupProbe", container.startupProbe?.grpc?.service, service],
    ["readinessProbe", container.readinessProbe?.grpc?.service, service],
    ["livenessProbe", container.livenessProbe?.grpc?.service, undefined]
  ] as const
  return questions
    .filter(([, question, answer]) => question !== answer)
    .map(([kind, question]) => `${title(workload)}: ${kind} asks for ${question ?? "the process"}`)
}

interface Service extends Manifest {
  readonly spec: { readonly ports: ReadonlyArray<{ readonly port: number; readonly appProtocol?: string }> }
}

/** Services that are not at the port of their tier, or that do not say that they speak gRPC. */
const services = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  manifests
    .filter((manifest): manifest is Service => manifest.kind === "Service")
    .flatMap((service) => {
      const name = service.metadata.name.replace(/-headless$/, "")
      if (!isServer(name)) return []
      return service.spec.ports.every(({ appProtocol, port }) => port === tiers[name].port && appProtocol === "grpc")
        ? []
        : [`${title(service)}: is not gRPC at port ${tiers[name].port}`]
    })

/** What manifests say otherwise than the programs. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => [
  ...unread(manifests),
  ...ports(manifests),
  ...services(manifests)
]
