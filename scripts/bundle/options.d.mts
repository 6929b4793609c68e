import type { BuildOptions, Plugin } from "esbuild"

export const shared: BuildOptions & { readonly bundle: true }
export const sources: (options?: { readonly whereTheyWere?: boolean }) => Plugin
