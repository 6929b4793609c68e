import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const restricted = "eslint(no-restricted-imports)"
const importing = (from: string) => `import ${JSON.stringify(from)}\n`

/** Where which import is refused: folder, what it imports. */
const refusedImports: ReadonlyArray<readonly [string, string]> = [
  ["packages/domain/src", "@effect/platform/HttpClient"],
  ["packages/domain/src", "@retro/contract/CartService"],
  ["packages/domain/src", "node:fs"],
  ["packages/contract/src", "@retro/grpc/GrpcClient"],
  ["packages/contract/src", "@retro/outcomes/Outcomes"],
  ["packages/contract/src", "@retro/cartservice/CartStore"],
  ["packages/contract/src", "ioredis"],
  ["packages/grpc/src", "@retro/process/Process"],
  ["packages/grpc/src", "@retro/cartservice/CartStore"],
  ["packages/process/src", "@retro/grpc/GrpcServer"],
  ["packages/process/src", "@retro/frontend/Routes"],
  ["packages/outcomes/src", "@retro/grpc/GrpcServer"],
  ["packages/outcomes/src", "@retro/paymentservice/Payment"],
  ["packages/outcomes/src", "@grpc/grpc-js"],
  ["packages/process/src", "@retro/redis/RedisClient"],
  ["packages/contract/src", "@retro/appendlog/AppendLog"],
  ["packages/grpc/src", "@retro/redis/RedisClient"],
  ["packages/redis/src", "@retro/cartservice/CartStore"],
  ["packages/redis/src", "@retro/contract/CartService"],
  ["packages/appendlog/src", "@retro/outcomes/Outcomes"],
  ["packages/appendlog/src", "ioredis"],
  ["packages/cartservice/src", "@retro/grpc/GrpcServer"],
  ["packages/cartservice/src", "@retro/process/Process"],
  ["packages/cartservice/src", "@retro/currencyservice/Rates"],
  ["packages/cartservice/src", "@retro/frontend/Routes"],
  ["packages/cartservice/src", "@retro/station/Station"],
  ["packages/cartservice/src", "@grpc/grpc-js"],
  ["packages/cartservice/src", "@retro/contract/generated/retrostation/cart"],
  ["packages/cartservice/src", "ioredis"],
  ["packages/cartservice/src", "ioredis/built/cluster"],
  ["packages/cartservice/src", "../../contract/src/CartService.ts"],
  ["packages/frontend/src/pages", "@retro/cartservice/CartStore"],
  ["packages/frontend/src/pages", "../../../grpc/src/GrpcClient.ts"],
  ["packages/cartservice/src/*Redis.ts", "@grpc/grpc-js"],
  ["packages/cartservice/src/*Redis.ts", "@retro/grpc/GrpcServer"],
  ["packages/*service/main.ts", "@retro/currencyservice/Rates"],
  ["packages/*service/main.ts", "ioredis"],
  ["packages/cartservice/test", "@retro/currencyservice/Rates"],
  ["packages/cartservice/test", "../main.ts"],
  ["packages/station/src", "@grpc/grpc-js"],
  ["packages/station/src", "../main.ts"],
  ["scripts", "../packages/station/main.ts"],
  ...["domain", "contract", "grpc", "process", "outcomes", "cartservice", "frontend", "station"].flatMap((name) => [
    [`packages/${name}/src`, "@effect/schema"] as const,
    [`packages/${name}/src`, "@effect/schema/Schema"] as const,
    [`packages/${name}/src`, "../main.ts"] as const,
    [`packages/${name}/test`, "@effect/schema"] as const
  ])
]

const allowedImports: ReadonlyArray<readonly [string, string]> = [
  ["packages/domain/src", "effect"],
  ["packages/domain/src", "effect/Schema"],
  ["packages/domain/src", "./Money.ts"],
  ["packages/contract/src", "@retro/domain/Money"],
  ["packages/contract/src", "@grpc/grpc-js"],
  ["packages/contract/src", "./generated/retrostation/cart.ts"],
  ["packages/grpc/src", "@retro/contract/generated/grpc/health/v1/health"],
  ["packages/grpc/src", "@grpc/grpc-js"],
  ["packages/process/src", "@retro/contract/Contract"],
  ["packages/outcomes/src", "@retro/contract/IdempotencyKeyReused"],
  ["packages/paymentservice/src", "@retro/outcomes/Outcomes"],
  ["packages/cartservice/src", "@retro/contract/CartService"],
  ["packages/cartservice/src", "@retro/domain/Cart"],
  ["packages/cartservice/src", "./CartStore.ts"],
  ["packages/cartservice/src/*Redis.ts", "ioredis"],
  ["packages/outcomes/src/*Redis.ts", "ioredis"],
  ["packages/outcomes/src", "@retro/appendlog/AppendLog"],
  ["packages/cartservice/src", "@retro/redis/RedisClient"],
  ["packages/redis/src", "ioredis"],
  ["packages/frontend/src/pages", "../Html.ts"],
  ["packages/*service/main.ts", "./src/Cart.ts"],
  ["packages/*service/main.ts", "@retro/grpc/GrpcServer"],
  ["packages/*service/main.ts", "@retro/process/Process"],
  ["packages/cartservice/test", "@retro/grpc/Loopback"],
  ["packages/cartservice/test", "@grpc/grpc-js"],
  ["packages/cartservice/test", "../src/Cart.ts"],
  ["packages/station/src", "@retro/cartservice/Cart"],
  ["packages/station/src", "@retro/frontend/Routes"],
  ["packages/station/main.ts", "@retro/process/Process"],
  ["packages/station/test", "@retro/cartservice/Cart"],
  ["scripts", "@grpc/grpc-js"]
]

/** A program that has a secret, and does this with it. */
const withSecret = (expression: string) =>
  `import { Effect, Metric, Redacted } from "effect"\nexport const told = (secret: Redacted.Redacted, metric: Metric.Metric.Counter<number>, html: (parts: TemplateStringsArray, ...values: Array<string>) => string) => [Effect, Metric, html, ${expression}]\n`

/** What a program may not do, by the rule that says so. */
const refusedCode: ReadonlyArray<readonly [string, string, string]> = [
  ["packages/cartservice/src", `console.log("x")\n`, "eslint(no-console)"],
  ["packages/cartservice/src", `export const port = process.env["PORT"]\n`, "node(no-process-env)"],
  ["packages/cartservice/src", "export const now = Date.now()\n", "eslint(no-restricted-properties)"],
  ["packages/cartservice/src", "export const now = new Date()\n", "programs(no-date)"],
  ["packages/cartservice/src", "export const dice = Math.random()\n", "eslint(no-restricted-properties)"],
  ["packages/cartservice/src", `export const f = () => { throw new Error("x") }\n`, "programs(no-throw)"],
  ["packages/cartservice/src", "export const f = () => { try { return 1 } finally { f() } }\n", "programs(no-try)"],
  ...[
    "Effect.logInfo(Redacted.value(secret))",
    'Effect.logError("of", { mail: Redacted.value(secret) })',
    'Effect.annotateCurrentSpan("mail", Redacted.value(secret))',
    "Effect.annotateLogs(Effect.void, { mail: `to ${Redacted.value(secret)}` })",
    "Effect.withSpan(Redacted.value(secret))",
    'Metric.tagged(metric, "mail", Redacted.value(secret))',
    "html`<p>${Redacted.value(secret)}</p>`"
  ].map((code) => ["packages/cartservice/src", withSecret(code), "programs(no-told-secret)"] as const),
  [
    "packages/cartservice/src",
    withSecret("(() => { const plain = Redacted.value(secret); return Effect.logInfo(plain) })()"),
    "programs(no-told-secret)"
  ],
  ["packages/cartservice/src", "export const f = async () => 1\n", "oxc(no-async-await)"],
  ["packages/cartservice/src", "export const f = (x: any) => [x]\n", "typescript(no-explicit-any)"],
  [
    "packages/cartservice/src",
    "export const f = (x: string) => x as never\n",
    "typescript(consistent-type-assertions)"
  ],
  ["packages/cartservice/src", "export const f = (x?: string) => x!\n", "typescript(no-non-null-assertion)"],
  ["packages/cartservice/src", "// @ts-ignore\nexport const x: string = 1\n", "typescript(ban-ts-comment)"],
  ["packages/cartservice/src", "export const f = () => { Promise.resolve(1) }\n", "typescript(no-floating-promises)"],
  ["packages/grpc/src", "export const dice = Math.random()\n", "eslint(no-restricted-properties)"],
  ["packages/domain/src", "export const now = Date.now()\n", "eslint(no-restricted-properties)"],
  ["packages/cartservice/test", `import { it } from "vitest"\nit.only("x", () => {})\n`, "vitest(no-focused-tests)"],
  ["packages/cartservice/test", `import { it } from "vitest"\nit.skip("x", () => {})\n`, "vitest(no-disabled-tests)"]
]

const allowedCode: ReadonlyArray<readonly [string, string]> = [
  ["packages/cartservice/src", withSecret("Effect.logInfo(secret)")],
  ["packages/cartservice/src", withSecret("Effect.succeed(Redacted.value(secret))")],
  ["packages/grpc/src", "export const now = Date.now()\n"],
  ["packages/cartservice/src", "export const epoch = new Date(0)\n"],
  ["packages/cartservice/src", "export const one = [1] as const\n"],
  ["scripts", `console.log("x")\n`]
]

interface Case {
  readonly name: string
  readonly file: string
  readonly code: string
  readonly rules: ReadonlyArray<string>
}

const cases: ReadonlyArray<Case> = [
  ...refusedImports.map(([at, from]) => ({
    at,
    name: `${at} does not import ${from}`,
    code: importing(from),
    rules: [restricted]
  })),
  ...allowedImports.map(([at, from]) => ({ at, name: `${at} imports ${from}`, code: importing(from), rules: [] })),
  ...refusedCode.map(([at, code, rule]) => ({ at, name: `${at} has no ${code.trim()}`, code, rules: [rule] })),
  ...allowedCode.map(([at, code]) => ({ at, name: `${at} may have ${code.trim()}`, code, rules: [] })),
  ...["A", "B"].map((it, _index, [a, b]) => ({
    at: `packages/cartservice/src/${it}.ts`,
    name: `${it} does not import what imports it`,
    code: `import ${it === a ? `"./${b}.ts"` : `"./${a}.ts"`}\nexport const ${it} = 1\n`,
    rules: ["import(no-cycle)"]
  }))
].map(({ at, ...rest }, index) => ({
  ...rest,
  file: (at.endsWith(".ts") ? at : `${at}/*.ts`).replace("*", `n${index}`)
}))

interface Diagnostic {
  readonly code: string
  readonly filename: string
}

const root = fileURLToPath(new URL("../..", import.meta.url))

/** One run of oxlint over all of them, in a copy of the tree's shape. */
const lint = (): ReadonlyArray<Diagnostic> => {
  const copy = mkdtempSync(join(tmpdir(), "retro-lint-"))
  try {
    for (const name of [".oxlintrc.json", "tsconfig.json", "scripts/lint"]) {
      cpSync(join(root, name), join(copy, name), { recursive: true })
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
    for (const { code, file } of cases) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), code)
    }
    const { stderr, stdout } = spawnSync(
      join(root, "node_modules/.bin/oxlint"),
      ["--type-aware", "--format", "json", "packages", "scripts"],
      { cwd: copy, encoding: "utf8", maxBuffer: 1e8 }
    )
    if (!stdout.startsWith("{")) throw new Error(stderr + stdout)
    return JSON.parse(stdout).diagnostics
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

describe("lint", () => {
  const found = lint()

  for (const { file, name, rules } of cases) {
    it(name, () =>
      deepStrictEqual(
        found.filter(({ filename }) => filename === file).map(({ code }) => code),
        rules
      )
    )
  }
})
