import type * as grpc from "@grpc/grpc-js"
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService
} from "@retro/contract/generated/grpc/health/v1/health"
import { codes } from "@retro/contract/Status"
import { malformed, tolerant } from "./Handler.ts"

/** The gRPC health service of a server: what it tells probes, balancers and meshes about each of its services. */
export interface Health {
  readonly definition: grpc.ServiceDefinition
  readonly implementation: grpc.UntypedServiceImplementation
  /** Says of all services at once whether they take calls. */
  readonly set: (serving: boolean) => void
  /** Ends every open Watch, which would otherwise hold a shutdown. */
  readonly endWatches: () => void
}

/** Health for these services and, under the empty name, for the server as a whole; NOT_SERVING until told otherwise. */
export const make = (services: ReadonlyArray<string>): Health => {
  const known = new Set(["", ...services])
  const watches = new Map<grpc.ServerWritableStream<HealthCheckRequest, HealthCheckResponse>, string>()
  let status: ServingStatus = ServingStatus.NOT_SERVING
  const statusOf = (service: string) => (known.has(service) ? status : ServingStatus.SERVICE_UNKNOWN)

  const check: grpc.handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = ({ request }, reply) =>
    (request as unknown) === malformed
      ? reply(notRead)
      : known.has(request.service)
        ? reply(null, { status })
        : reply({ code: codes.NOT_FOUND, details: "unknown service" })

  const watch: grpc.handleServerStreamingCall<HealthCheckRequest, HealthCheckResponse> = (call) => {
    if ((call.request as unknown) === malformed) return void call.emit("error", notRead)
    watches.set(call, call.request.service)
    call.on("cancelled", () => watches.delete(call))
    call.write({ status: statusOf(call.request.service) })
  }

  return {
    definition: tolerant(HealthService),
    implementation: { check, watch },
    set: (serving) => {
      const next = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING
      if (next === status) return
      status = next
      for (const [call, service] of watches) call.write({ status: statusOf(service) })
    },
    endWatches: () => {
      for (const call of watches.keys()) call.end()
      watches.clear()
    }
  }
}

const notRead = { code: codes.INVALID_ARGUMENT, details: "invalid request" }
