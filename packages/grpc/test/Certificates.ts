import { Effect, type Scope } from "effect"
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Whether openssl is there; says how to get it where it is not. */
export const installed = spawnSync("openssl", ["version"]).status === 0
if (!installed) console.warn("The tests of TLS are skipped: install openssl (apt-get install openssl).")

/** The paths of a certificate and its key. */
export interface Pair {
  readonly certificate: string
  readonly key: string
}

/** An authority, what it has signed, and somebody whom it has not. */
export interface Certificates {
  readonly authority: string
  /** For `localhost` and 127.0.0.1. */
  readonly server: Pair
  readonly client: Pair
  /** Of an authority that nobody knows. */
  readonly stranger: Pair & { readonly authority: string }
}

/** Made by openssl in a folder that goes when the scope closes; good for a day. */
export const make: Effect.Effect<Certificates, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-certificates-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
).pipe(
  Effect.map((folder) => {
    const at = (name: string) => join(folder, name)
    const openssl = (...args: ReadonlyArray<string>) => execFileSync("openssl", args, { stdio: "ignore" })
    const pair = (name: string): Pair => ({ certificate: at(`${name}.crt`), key: at(`${name}.key`) })
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]

    const authority = (name: string): Pair => {
      const { certificate, key } = pair(name)
      openssl("req", "-x509", ...newKey, "-subj", `/CN=${name}`, "-keyout", key, "-out", certificate)
      return { certificate, key }
    }
    const signed = (name: string, by: Pair): Pair => {
      const { certificate, key } = pair(name)
      const [request, names] = [at(`${name}.csr`), at(`${name}.names`)]
      openssl("req", "-new", ...newKey, "-subj", `/CN=${name}`, "-keyout", key, "-out", request)
      writeFileSync(names, "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
      const signing = ["-CA", by.certificate, "-CAkey", by.key, "-CAcreateserial", "-days", "1"]
      openssl("x509", "-req", "-in", request, ...signing, "-extfile", names, "-out", certificate)
      return { certificate, key }
    }

    const [ours, theirs] = [authority("ours"), authority("theirs")]
    return {
      authority: ours.certificate,
      server: signed("server", ours),
      client: signed("client", ours),
      stranger: { ...signed("stranger", theirs), authority: theirs.certificate }
    }
  })
)
