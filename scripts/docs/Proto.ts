import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"

/** A field of a message. `type` is a scalar's name, or a message's or enum's full one. */
export interface Field {
  readonly name: string
  /** The same in camelCase, as contracts call it. */
  readonly property: string
  readonly number: number
  readonly type: string
  readonly repeated: boolean
  readonly comment: string
}

export interface Message {
  readonly kind: "message"
  readonly name: string
  readonly comment: string
  readonly fields: ReadonlyArray<Field>
}

export interface Enumeration {
  readonly kind: "enum"
  readonly name: string
  readonly comment: string
  readonly values: ReadonlyArray<{ readonly name: string; readonly number: number; readonly comment: string }>
}

export interface Method {
  readonly name: string
  readonly comment: string
  readonly request: string
  readonly response: string
}

export interface Proto {
  /** By full name: "retrostation.CartItem". */
  readonly types: ReadonlyMap<string, Message | Enumeration>
  /** By path: "/retrostation.CartService/GetCart". */
  readonly methods: ReadonlyMap<string, Method>
}

interface DescribedField {
  readonly name: string
  readonly jsonName: string
  readonly number: number
  readonly label: string
  readonly type: string
  readonly typeName?: string
}

interface DescribedFile {
  readonly package: string
  readonly messageType?: ReadonlyArray<{ readonly name: string; readonly field?: ReadonlyArray<DescribedField> }>
  readonly enumType?: ReadonlyArray<{
    readonly name: string
    readonly value: ReadonlyArray<{ readonly name: string; readonly number?: number }>
  }>
  readonly service?: ReadonlyArray<{
    readonly name: string
    readonly method: ReadonlyArray<{ readonly name: string; readonly inputType: string; readonly outputType: string }>
  }>
  readonly sourceCodeInfo: {
    readonly location: ReadonlyArray<{ readonly path?: ReadonlyArray<number>; readonly leadingComments?: string }>
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Reads our protos with the comments in them. */
export const read = (): Proto => {
  const json = execFileSync(`${root}node_modules/.bin/buf`, ["build", "proto", "-o", "-#format=json"], {
    cwd: root,
    maxBuffer: 1e8
  })
  const files: ReadonlyArray<DescribedFile> = JSON.parse(json.toString()).file
  const ours = files.filter((file) => file.package === "retrostation")
  return { types: new Map(ours.flatMap(typesOf)), methods: new Map(ours.flatMap(methodsOf)) }
}

/** Numbers of fields in descriptor.proto, which paths of comments are made of. */
const at = { message: 4, enum: 5, service: 6, field: 2, value: 2, method: 2 }

const typesOf = (file: DescribedFile): ReadonlyArray<readonly [string, Message | Enumeration]> => {
  const comment = commentsOf(file)
  const messages = (file.messageType ?? []).map(({ field = [], name }, index): Message => {
    const fields = field.map((each, number) => fieldOf(each, comment(at.message, index, at.field, number)))
    return { kind: "message", name, comment: comment(at.message, index), fields }
  })
  const enums = (file.enumType ?? []).map(({ name, value }, index): Enumeration => {
    const values = value.map((each, number) => ({
      name: each.name,
      number: each.number ?? 0,
      comment: comment(at.enum, index, at.value, number)
    }))
    return { kind: "enum", name, comment: comment(at.enum, index), values }
  })
  return [...messages, ...enums].map((type) => [`${file.package}.${type.name}`, type])
}

const fieldOf = ({ jsonName, label, name, number, type, typeName }: DescribedField, comment: string): Field => ({
  name,
  property: jsonName,
  number,
  type: typeName?.slice(1) ?? type.replace("TYPE_", "").toLowerCase(),
  repeated: label === "LABEL_REPEATED",
  comment
})

const methodsOf = (file: DescribedFile): ReadonlyArray<readonly [string, Method]> => {
  const comment = commentsOf(file)
  return (file.service ?? []).flatMap((service, index) =>
    service.method.map(({ inputType, name, outputType }, number) => [
      `/${file.package}.${service.name}/${name}`,
      {
        name,
        comment: comment(at.service, index, at.method, number),
        request: inputType.slice(1),
        response: outputType.slice(1)
      }
    ])
  )
}

const commentsOf = ({ sourceCodeInfo }: DescribedFile) => {
  const comments = new Map(
    sourceCodeInfo.location.map(({ leadingComments = "", path = [] }) => [path.join(), leadingComments])
  )
  return (...path: ReadonlyArray<number>): string => (comments.get(path.join()) ?? "").trim().replace(/\s*\n\s*/g, " ")
}
