import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { tiers } from "@retro/process/Tiers"
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parse } from "yaml"
import { isPinned } from "../deploy/rules/Images.ts"
import * as Alerts from "../deploy/observability/Alerts.ts"
import { dashboards } from "../deploy/observability/Dashboards.ts"
import { named } from "../deploy/observability/Metrics.ts"
import { groups, type Rule } from "../deploy/observability/SloRules.ts"
import { all } from "../deploy/observability/Watchers.ts"
import { anchors } from "../docs/Markdown.ts"
import * as Render from "../deploy/Render.ts"

const folder = "deploy/observability"
// Skipped on machines without these programs; where REQUIRE_ALL is set a skip fails.
const needsPromtool = spawnSync("promtool", ["--version"]).error === undefined ? it : it.skip
const needsKustomize = Render.program === undefined ? it.skip : it

const promtool = (...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync("promtool", args, { encoding: "utf8" })
  strictEqual(status, 0, `${stdout}${stderr}`)
}

describe("promises", () => {
  needsPromtool("alert when a budget burns, and only then (needs promtool, from Debian's prometheus)", () => {
    promtool("check", "rules", `${folder}/generated/rules.yaml`)
    promtool("test", "rules", `${folder}/rules.test.yaml`)
  })

  needsPromtool("are what Prometheus is configured to reckon (needs promtool, from Debian's prometheus)", () => {
    const mounted = mkdtempSync(join(tmpdir(), "retro-prometheus-"))
    try {
      for (const path of ["config/prometheus.yaml", "generated/rules.yaml"]) {
        cpSync(`${folder}/${path}`, join(mounted, path.slice(path.indexOf("/") + 1)))
      }
      promtool("check", "config", join(mounted, "prometheus.yaml"))
    } finally {
      rmSync(mounted, { recursive: true })
    }
  })

  it("lead from an alert to what to do", () => {
    const rules = [...groups, ...Alerts.groups].flatMap((group): ReadonlyArray<Rule> => group.rules)
    const runbooks = rules.flatMap(({ annotations }) => annotations?.["runbook"] ?? [])
    assertTrue(runbooks.length > 10)
    deepStrictEqual(
      runbooks.filter((runbook) => {
        const [page = "", anchor = ""] = runbook.split("#")
        return !anchors(page).has(anchor)
      }),
      []
    )
  })

  it("are each tested to alert", () => {
    const tests = readFileSync(`${folder}/rules.test.yaml`, "utf8")
    const rules = [...groups, ...Alerts.groups].flatMap((group): ReadonlyArray<Rule> => group.rules)
    const alerts = new Set(rules.flatMap(({ alert }) => alert ?? []))
    deepStrictEqual(
      [...alerts].filter((alert) => !tests.includes(alert)),
      []
    )
  })
})

/** Words of PromQL that stand where a series could. */
const words = /^(sum|max|count|rate|increase|by|histogram_quantile|or|vector|le|absent|label_values)$/

const series = (expr: string): ReadonlyArray<string> =>
  Array.from(
    expr.replace(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)|"[^"]*"/g, " ").matchAll(/[a-z_][\w:]*/gi),
    ([name]) => name
  ).filter((name) => !words.test(name))

describe("dashboards", () => {
  it("ask for metrics of the catalogue, and for promises that are reckoned", () => {
    const recorded = groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []))
    const asked = dashboards.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)))
    assertTrue(asked.length > 20)
    deepStrictEqual(
      asked.flatMap(series).filter((name) => !named(name) && !recorded.includes(name)),
      []
    )
  })

  it("are each given to Grafana", () => {
    const given = all.flatMap(({ files }) => Object.values(files).flat())
    deepStrictEqual(
      dashboards.map(({ uid }) => `generated/${uid}.json`).filter((path) => !given.includes(path)),
      []
    )
  })
})

describe("what watches the shop", () => {
  it("is pinned by digests, in a cluster and in compose alike", () => {
    const { services } = parse(readFileSync("deploy/compose.observability.yaml", "utf8"))
    for (const { image, name } of all) {
      assertTrue(isPinned(image), image)
      strictEqual(services[name].image, image)
    }
  })

  needsKustomize("is told by every tier, through every policy on the way (needs kubectl)", () => {
    const components = (...names: ReadonlyArray<string>) => names.map((name) => `deploy/${name}`)
    const render = (...names: ReadonlyArray<string>) =>
      Render.render({ resource: "deploy/kubernetes/base", components: components(...names) })
    const observability = "kubernetes/components/observability"
    const plain = render("kubernetes/components/network-policies", observability, "observability/network-policies")
    const mesh = render("kubernetes/components/istio", observability, "observability/istio")
    for (const tier of Object.keys(tiers)) {
      const text = (manifests: typeof plain, kind: string, name = tier) =>
        JSON.stringify(manifests.find((it) => it.kind === kind && it.metadata.name === name) ?? "")
      assertTrue(text(plain, "Deployment").includes('"http://otel-collector:4318"'), tier)
      assertTrue(text(plain, "NetworkPolicy", `${tier}-telemetry`).includes('"app":"otel-collector"'), tier)
      assertTrue(text(plain, "NetworkPolicy", "otel-collector").includes(`"app":"${tier}"`), tier)
      assertTrue(text(mesh, "Sidecar").includes("./otel-collector."), tier)
      assertTrue(text(mesh, "AuthorizationPolicy", "otel-collector").includes(`/sa/${tier}"`), tier)
    }
  })
})
