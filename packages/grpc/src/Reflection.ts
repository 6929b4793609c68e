import type * as grpc from "@grpc/grpc-js"
import {
  type ServerReflectionRequest,
  ServerReflectionService
} from "@retro/contract/generated/grpc/reflection/v1/reflection"
import { codes } from "@retro/contract/Status"
import { malformed, tolerant } from "./Handler.ts"

/** The gRPC reflection service, under both names that clients ask for. */
export interface Reflection {
  readonly definitions: ReadonlyArray<grpc.ServiceDefinition>
  readonly implementation: grpc.UntypedServiceImplementation
}

/**
 * Reflection that lists these services and describes everything in proto/. What is known of proto/ is read when somebody
 * first asks: most processes never need those 15 ms and their memory.
 */
export const make = (services: ReadonlyArray<string>): Reflection => {
  const serverReflectionInfo: grpc.handleBidiStreamingCall<ServerReflectionRequest, unknown> = (call) => {
    const answers = import("./Descriptions.ts").then((Descriptions) => Descriptions.answers(services))
    call.on("data", (request: ServerReflectionRequest) => {
      if ((request as unknown) === malformed)
        return void call.emit("error", { code: codes.INVALID_ARGUMENT, details: "invalid request" })
      void answers.then((answer) =>
        call.write({ validHost: request.host, originalRequest: request, messageResponse: answer(request) })
      )
    })
    call.on("end", () => void answers.then(() => call.end()))
  }
  return { definitions: [ServerReflectionService, alpha].map(tolerant), implementation: { serverReflectionInfo } }
}

const alpha: grpc.ServiceDefinition = {
  serverReflectionInfo: {
    ...ServerReflectionService.serverReflectionInfo,
    path: ServerReflectionService.serverReflectionInfo.path.replace(".v1.", ".v1alpha.")
  }
}
