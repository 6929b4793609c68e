import type { Manifest } from "./Manifest.ts"
import * as Code from "./rules/Code.ts"
import * as Disruptions from "./rules/Disruptions.ts"
import * as Images from "./rules/Images.ts"
import * as Mesh from "./rules/Mesh.ts"
import * as NetworkRules from "./rules/NetworkRules.ts"
import * as Probes from "./rules/Probes.ts"
import * as References from "./rules/References.ts"
import * as Resources from "./rules/Resources.ts"
import * as Restricted from "./rules/Restricted.ts"

const rules = [Code, Disruptions, Images, Mesh, NetworkRules, Probes, References, Resources, Restricted]

/** Everything that is wrong with manifests which are applied together, beyond what schemas can say. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  rules.flatMap((rule) => rule.check(manifests))
