import type { BuildOptions, Plugin } from "esbuild"

export const shared: BuildOptions & { readonly bundle: true; readonly banner: { readonly js: string } }
export const sources: (options?: { readonly whereTheyWere?: boolean }) => Plugin
