"""A gRPC client that shares nothing with the server's code: it learns every message by reflection.

usage: client.py HOST:PORT list v1|v1alpha
       client.py HOST:PORT call SERVICE METHOD JSON
       client.py HOST:PORT watch JSON

Prints one JSON document for each answer, or one with the status and its google.rpc.Status details.
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

POOL = descriptor_pool.DescriptorPool()


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        value, at, shift = value | (byte & 0x7F) << shift, at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message nobody described, as pairs of number and value (https://protobuf.dev/programming-guides/encoding)."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def only(data, *path):
    """All values at a path of field numbers."""
    if not path:
        return [data]
    return [leaf for number, value in fields(data) if number == path[0] for leaf in only(value, *path[1:])]


def text_field(number, text):
    return bytes([number << 3 | 2, len(text.encode())]) + text.encode()


def reflect(channel, version, request):
    """ServerReflectionResponse to one ServerReflectionRequest."""
    ask = channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo")
    return next(ask(iter([request]), timeout=10))


def list_services(channel, version):
    answer = reflect(channel, version, text_field(7, ""))
    return sorted(name.decode() for name in only(answer, 6, 1, 1))


def learn(channel, symbol):
    files = [
        descriptor_pb2.FileDescriptorProto.FromString(each)
        for each in only(reflect(channel, "v1", text_field(4, symbol)), 4, 1)
    ]
    known, waiting = set(), {each.name: each for each in files}

    def add(name):
        if name not in known:
            known.add(name)
            for dependency in waiting[name].dependency:
                add(dependency)
            POOL.Add(waiting[name])

    for name in waiting:
        try:
            POOL.FindFileByName(name)
            known.add(name)
        except KeyError:
            add(name)


def message(descriptor):
    return message_factory.MessageFactory(POOL).GetPrototype(descriptor)


def details(channel, error):
    trailers = dict(error.trailing_metadata())
    if "grpc-status-details-bin" not in trailers:
        return []
    for symbol in ["google.rpc.Status", "google.rpc.ErrorInfo"]:
        learn(channel, symbol)
    status = message(POOL.FindMessageTypeByName("google.rpc.Status")).FromString(trailers["grpc-status-details-bin"])
    found = []
    for each in status.details:
        kind = each.type_url.split("/")[-1]
        found.append({"type": kind, **as_dict(message(POOL.FindMessageTypeByName(kind)).FromString(each.value))})
    return found


def as_dict(value):
    return json_format.MessageToDict(value)


def call(channel, service, method, body):
    learn(channel, service)
    described = POOL.FindServiceByName(service).methods_by_name[method]
    request = json_format.ParseDict(json.loads(body), message(described.input_type)())
    path = f"/{service}/{method}"
    ask = channel.unary_stream(path) if described.server_streaming else channel.unary_unary(path)
    answers = ask(request.SerializeToString(), timeout=10)
    for answer in answers if described.server_streaming else [answers]:
        yield as_dict(message(described.output_type).FromString(answer))


def main(address, verb, *args):
    channel = grpc.insecure_channel(address)
    try:
        if verb == "list":
            print(json.dumps(list_services(channel, *args)))
        else:
            service, method, body = args if verb == "call" else ("grpc.health.v1.Health", "Watch", args[0])
            for answer in call(channel, service, method, body):
                print(json.dumps(answer), flush=True)
    except grpc.RpcError as error:
        print(json.dumps({"code": error.code().name, "message": error.details(), "details": details(channel, error)}))


main(*sys.argv[1:])
