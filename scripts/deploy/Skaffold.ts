import { Either, Schema } from "effect"

/** The part of Skaffold's schema v4beta11 that skaffold.yaml uses: what is not here is misspelt, or wants adding. */
const Artifact = Schema.Struct({
  image: Schema.String,
  context: Schema.optional(Schema.String),
  docker: Schema.Struct({
    dockerfile: Schema.String,
    buildArgs: Schema.optional(Schema.Struct({ SERVICE: Schema.String }))
  })
})

const Manifests = Schema.Struct({ kustomize: Schema.Struct({ paths: Schema.Array(Schema.String) }) })

const PortForward = Schema.Struct({
  resourceType: Schema.Literal("service", "deployment"),
  resourceName: Schema.String,
  namespace: Schema.String,
  port: Schema.Number,
  localPort: Schema.Number
})

const Verify = Schema.Struct({
  name: Schema.String,
  container: Schema.Struct({
    name: Schema.String,
    image: Schema.String,
    env: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String }))
  }),
  executionMode: Schema.Struct({ kubernetesCluster: Schema.Struct({}) })
})

/** A document of skaffold.yaml. */
export const Skaffold = Schema.Struct({
  apiVersion: Schema.Literal("skaffold/v4beta11"),
  kind: Schema.Literal("Config"),
  metadata: Schema.Struct({ name: Schema.String }),
  requires: Schema.optional(Schema.Array(Schema.Struct({ configs: Schema.Array(Schema.String) }))),
  build: Schema.Struct({
    platforms: Schema.Array(Schema.Literal("linux/amd64", "linux/arm64")),
    tagPolicy: Schema.Struct({ inputDigest: Schema.Struct({}) }),
    local: Schema.Struct({ useBuildkit: Schema.Boolean, concurrency: Schema.optional(Schema.Number) }),
    artifacts: Schema.NonEmptyArray(Artifact)
  }),
  manifests: Schema.optional(Manifests),
  deploy: Schema.optional(
    Schema.Struct({
      statusCheckDeadlineSeconds: Schema.optional(Schema.Number),
      kubectl: Schema.Struct({})
    })
  ),
  portForward: Schema.optional(Schema.Array(PortForward)),
  profiles: Schema.optional(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        activation: Schema.optional(Schema.Array(Schema.Struct({ command: Schema.String }))),
        manifests: Schema.optional(Manifests),
        portForward: Schema.optional(Schema.Array(PortForward))
      })
    )
  ),
  verify: Schema.optional(Schema.Array(Verify))
})
export type Skaffold = typeof Skaffold.Type

const decode = Schema.decodeUnknownEither(Skaffold, { onExcessProperty: "error", errors: "all" })

/** What the schema has against a document, in lines. */
export const problems = (document: unknown): ReadonlyArray<string> =>
  Either.match(decode(document), {
    onLeft: ({ message }) => message.split("\n"),
    onRight: () => []
  })
