import type * as grpc from "@grpc/grpc-js"

/** Ten times the largest request of any contract; more is RESOURCE_EXHAUSTED before it is read. */
const maxRequestBytes = 256 * 1024

/** Thousands of orders or products; more is RESOURCE_EXHAUSTED. */
const maxResponseBytes = 4 * 1024 * 1024

/** Who looks into a channel looks at our spans and metrics: channelz would count every call and stream once more. */
const common: grpc.ChannelOptions = { "grpc.enable_channelz": 0 }

/** Of a server: requests in, responses out. */
export const server: grpc.ChannelOptions = {
  ...common,
  "grpc.max_receive_message_length": maxRequestBytes,
  "grpc.max_send_message_length": maxResponseBytes
}

/** Of a caller: responses in, requests out. */
export const client: grpc.ChannelOptions = {
  ...common,
  "grpc.max_receive_message_length": maxResponseBytes,
  "grpc.max_send_message_length": maxRequestBytes
}
