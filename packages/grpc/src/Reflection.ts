import { createFileRegistry, type DescFile, fromBinary, toBinary } from "@bufbuild/protobuf"
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import type * as grpc from "@grpc/grpc-js"
import { descriptors } from "@retro/contract/generated/descriptors"
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionService
} from "@retro/contract/generated/grpc/reflection/v1/reflection"
import { codes } from "@retro/contract/Status"
import { malformed, tolerant } from "./Handler.ts"

/** The gRPC reflection service, under both names that clients ask for. */
export interface Reflection {
  readonly definitions: ReadonlyArray<grpc.ServiceDefinition>
  readonly implementation: grpc.UntypedServiceImplementation
}

/** Reflection that lists these services and describes everything in proto/. */
export const make = (services: ReadonlyArray<string>): Reflection => {
  const answer = answers(services)
  const serverReflectionInfo: grpc.handleBidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> = (
    call
  ) => {
    call.on("data", (request: ServerReflectionRequest) =>
      (request as unknown) === malformed
        ? call.emit("error", { code: codes.INVALID_ARGUMENT, details: "invalid request" })
        : call.write({ validHost: request.host, originalRequest: request, messageResponse: answer(request) })
    )
    call.on("end", () => call.end())
  }
  return { definitions: [ServerReflectionService, alpha].map(tolerant), implementation: { serverReflectionInfo } }
}

const alpha: grpc.ServiceDefinition = {
  serverReflectionInfo: {
    ...ServerReflectionService.serverReflectionInfo,
    path: ServerReflectionService.serverReflectionInfo.path.replace(".v1.", ".v1alpha.")
  }
}

type Answer = ServerReflectionResponse["messageResponse"]

let read: ReturnType<typeof createFileRegistry> | undefined

/** Everything in proto/, read when somebody first asks: most processes never need these 15 ms and their memory. */
const registry = () =>
  (read ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(descriptors, "base64"))))

const answers =
  (services: ReadonlyArray<string>) =>
  ({ messageRequest }: ServerReflectionRequest): Answer => {
    switch (messageRequest?.$case) {
      case "listServices":
        return { $case: "listServicesResponse", value: { service: services.map((name) => ({ name })) } }
      case "fileByFilename":
        return described(registry().getFile(messageRequest.value))
      case "fileContainingSymbol":
        return described(fileOf(messageRequest.value))
      default:
        return refused(codes.UNIMPLEMENTED, "not supported")
    }
  }

/** The file that declares a service, message or enum, or the one of a method's service. */
const fileOf = (symbol: string): DescFile | undefined =>
  (registry().get(symbol) ?? registry().getService(symbol.slice(0, symbol.lastIndexOf("."))))?.file

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
