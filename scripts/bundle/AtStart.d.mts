export const filesOf: (program: string) => ReadonlySet<string>
