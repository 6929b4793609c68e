import type { Metafile } from "esbuild"

export const write: (folder: string, outputs: Metafile["outputs"]) => Promise<void>
