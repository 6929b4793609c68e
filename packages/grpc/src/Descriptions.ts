import { createFileRegistry, type DescFile, fromBinary, toBinary } from "@bufbuild/protobuf"
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import { descriptors } from "@retro/contract/generated/descriptors"
import type {
  ServerReflectionRequest,
  ServerReflectionResponse
} from "@retro/contract/generated/grpc/reflection/v1/reflection"
import { codes } from "@retro/contract/Status"

type Answer = ServerReflectionResponse["messageResponse"]

/** Everything in proto/. */
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(descriptors, "base64")))

/** Answers questions of the reflection service, of a server with these services. */
export const answers =
  (services: ReadonlyArray<string>) =>
  ({ messageRequest }: ServerReflectionRequest): Answer => {
    switch (messageRequest?.$case) {
      case "listServices":
        return { $case: "listServicesResponse", value: { service: services.map((name) => ({ name })) } }
      case "fileByFilename":
        return described(registry.getFile(messageRequest.value))
      case "fileContainingSymbol":
        return described(fileOf(messageRequest.value))
      default:
        return refused(codes.UNIMPLEMENTED, "not supported")
    }
  }

/** The file that declares a service, message or enum, or the one of a method's service. */
const fileOf = (symbol: string): DescFile | undefined =>
  (registry.get(symbol) ?? registry.getService(symbol.slice(0, symbol.lastIndexOf("."))))?.file

const described = (file: DescFile | undefined): Answer => {
  if (file === undefined) return refused(codes.NOT_FOUND, "unknown symbol or file")
  const files = new Map<string, DescFile>()
  const collect = (each: DescFile): void => {
    if (files.has(each.name)) return
    files.set(each.name, each)
    each.dependencies.forEach(collect)
  }
  collect(file)
  return {
    $case: "fileDescriptorResponse",
    value: {
      fileDescriptorProto: [...files.values()].map(({ proto }) =>
        Buffer.from(toBinary(FileDescriptorProtoSchema, proto))
      )
    }
  }
}

const refused = (errorCode: number, errorMessage: string): Answer => ({
  $case: "errorResponse",
  value: { errorCode, errorMessage }
})
