import { it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import * as HttpClientSpan from "../src/HttpClientSpan.ts"

it("the address that a span shows keeps its host, path and names, and no credential or value", () => {
  const shown = {
    "https://bank.example/daily.xml": "https://bank.example/daily.xml",
    "https://user:pass@bank.example:8443/daily.xml": "https://REDACTED:REDACTED@bank.example:8443/daily.xml",
    "https://token@bank.example/": "https://REDACTED@bank.example/",
    "https://bank.example/daily?key=s3cret&day=1&key=a=b&&flag#part":
      "https://bank.example/daily?key=REDACTED&day=REDACTED&key=REDACTED&REDACTED&REDACTED"
  }
  deepStrictEqual(
    Object.keys(shown).map((url) => HttpClientSpan.withoutSecrets(new URL(url))),
    Object.values(shown)
  )
})
