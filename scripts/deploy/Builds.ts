import { existsSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { parseAllDocuments } from "yaml"
import * as Images from "./rules/Images.ts"
import * as Skaffold from "./Skaffold.ts"

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image: string
        readonly build?:
          | string
          | { readonly context: string; readonly dockerfile: string; readonly args?: { readonly SERVICE?: string } }
        readonly env_file?: ReadonlyArray<string>
        readonly user?: string
        readonly read_only?: boolean
        readonly cap_drop?: ReadonlyArray<string>
        readonly depends_on?: ReadonlyArray<string>
      }
    >
  >
}

const read = <A>(path: string): ReadonlyArray<A> =>
  parseAllDocuments(readFileSync(path, "utf8"), { merge: true }).map((document) => document.toJS() as A)

const missing = (path: string, paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  paths.filter((it) => !existsSync(it)).map((it) => `${path}: there is no ${it}`)

/** Own images that a file does not build, and images in it that are none of ours. */
const unequal = (path: string, images: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...[...Images.own].filter((image) => !images.includes(image)).map((image) => `${path}: does not build ${image}`),
  ...images.filter((image) => !Images.own.has(image)).map((image) => `${path}: ${image} is used by nobody`)
]

/** What skaffold.yaml says otherwise than the manifests and folders. */
const skaffold = (path: string): ReadonlyArray<string> => {
  const documents = read<unknown>(path)
  const misspelt = documents.flatMap((document) => Skaffold.problems(document))
  if (misspelt.length > 0) return misspelt.map((problem) => `${path}: ${problem}`)
  const configs = documents as ReadonlyArray<Skaffold.Skaffold>
  const artifacts = configs.flatMap(({ build }) => build.artifacts)
  const overlays = configs.flatMap(({ manifests, profiles = [] }) =>
    [manifests ?? [], ...profiles.map((profile) => profile.manifests ?? [])]
      .flat()
      .flatMap(({ kustomize }) => kustomize.paths)
  )
  return [
    ...unequal(
      path,
      artifacts.map(({ image }) => image)
    ),
    ...missing(path, [...overlays, ...artifacts.map(({ context = ".", docker }) => join(context, docker.dockerfile))]),
    ...artifacts
      .filter(({ docker, image }) => docker.buildArgs !== undefined && !image.endsWith(`/${docker.buildArgs.SERVICE}`))
      .map(({ image }) => `${path}: ${image} is built of another tier`)
  ]
}

/** What the compose file says otherwise than the service graph, and what of it may do more than a pod may. */
const compose = (path: string): ReadonlyArray<string> => {
  const services = Object.entries(read<Compose>(path)[0]?.services ?? {})
  const folder = dirname(path)
  return [
    ...unequal(
      path,
      services.filter(([, { build }]) => build !== undefined).map(([, { image }]) => image)
    ),
    ...missing(
      path,
      services.flatMap(([, { env_file = [] }]) => env_file.map((file) => normalize(join(folder, file))))
    ),
    ...services.flatMap(([name, service]) =>
      [
        service.build !== undefined || Images.isPinned(service.image) ? "" : `${service.image} is not pinned`,
        typeof service.build !== "object" || service.build.args?.SERVICE === name ? "" : "is built of another tier",
        service.read_only === true && service.cap_drop?.includes("ALL") === true ? "" : "may do more than a pod",
        hasAddresses(name, service.env_file) ? "" : "is not told where others are"
      ]
        .filter((problem) => problem !== "")
        .map((problem) => `${path}, ${name}: ${problem}`)
    )
  ]
}

/** Whether a service is given its addresses, where the service graph has any for it. */
const hasAddresses = (name: string, files: ReadonlyArray<string> = []): boolean => {
  const file = `kubernetes/base/addresses/${name}.env`
  return files.includes(file) || !existsSync(`deploy/${file}`)
}

/** Everything in which the builds differ from what is deployed. */
export const check = (): ReadonlyArray<string> => [...skaffold("skaffold.yaml"), ...compose("deploy/compose.yaml")]
