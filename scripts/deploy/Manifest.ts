import { parseAllDocuments, stringify } from "yaml"

/** An object of Kubernetes, as it stands in a file. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** Every object of a YAML stream; throws where it is no YAML. */
export const parse = (text: string): ReadonlyArray<Manifest> =>
  parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw error
    const manifest = document.toJS() as Manifest | null
    return manifest === null ? [] : [manifest]
  })

/** The objects as a YAML stream, under a comment. */
export const print = (comment: string, manifests: ReadonlyArray<Manifest>): string =>
  `# ${comment}\n${manifests.map((manifest) => stringify(manifest, { lineWidth: 0 })).join("---\n")}`

/** "Deployment/frontend". */
export const title = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`
