export const isCurrent: (program: string, folder: string) => boolean
export const write: (program: string, folder: string) => Promise<void>
export const run: (folder: string, afterMillis?: number) => Promise<void>
