import { afterAll, describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import { spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const tools = ["buildah", "podman", "runc", "debootstrap", "redis-server", "locust", "curl"]
const folder = mkdtempSync(join(tmpdir(), "retro-images-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program of that name that only says and ends so. */
const pretend = (name: string, says: string, code: number) => {
  writeFileSync(join(folder, name), `#!/bin/sh\necho ${says}\nexit ${code}\n`)
  chmodSync(join(folder, name), 0o755)
}

const images = (requireAll: string) =>
  spawnSync("bash", ["deploy/tools/images.sh"], {
    encoding: "utf8",
    env: { PATH: `${folder}:/usr/bin:/bin`, REQUIRE_ALL: requireAll }
  })

describe("npm run deploy:images", () => {
  it("is left out where nobody may have a network of their own, and fails where all is required", () => {
    for (const tool of tools) pretend(tool, "", 0)
    pretend("id", "0", 0)
    pretend("unshare", "", 1)
    const [left, required] = [images("0"), images("1")]
    assertTrue(left.stderr.includes("is left out"))
    strictEqual(left.status, 0)
    assertTrue(required.stderr.includes("is left out"))
    strictEqual(required.status, 1)
  })

  it("is skipped to who is not root, and fails where all is required", () => {
    pretend("id", "1000", 0)
    const [left, required] = [images("0"), images("1")]
    assertTrue(left.stderr.includes("is skipped: it needs root"))
    strictEqual(left.status, 0)
    strictEqual(required.status, 1)
  })
})
