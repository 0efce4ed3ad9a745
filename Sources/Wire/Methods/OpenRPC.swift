package import Model

/// All methods as an OpenRPC 1.3 document, which programs can read: served at `/v1/openrpc.json`,
/// and kept in `Protocol/methods/openrpc.json`.
package enum OpenRPC {
    package static let bytes = document.serialised()

    package static var document: JSON {
        [
            "openrpc": "1.3.2",
            "info": [
                "title": "SalsaNor live", "version": "1",
                "description": .string(
                    "JSON-RPC 2.0 over POST /v1/rpc, and over WebSocket at /v1/socket with the "
                        + "subprotocol \(Subprotocol.name)."),
            ],
            "servers": [["name": "HTTP", "url": "/v1/rpc"]],
            "methods": .array(Method.allCases.map(method)),
            "components": ["schemas": .object(schemas), "errors": .object(errors)],
        ]
    }

    private static func method(_ method: Method) -> JSON {
        let description = method.description
        return [
            "name": .string(method.rawValue),
            "summary": .string(description.summary),
            "paramStructure": "by-name",
            "params": .array(description.params.map(parameter)),
            "result": ["name": "result", "schema": description.result.json],
            "errors": .array(
                description.allErrors.map { ["$ref": .string("#/components/errors/\($0)")] }),
            "examples": .array(description.examples.map(example)),
            "x-caller": .string(description.caller.rawValue),
            "x-stream": .bool(description.needsStream),
            "x-rate": .string(description.rate.rawValue),
        ]
    }

    private static func parameter(_ member: Schema.Member) -> JSON {
        [
            "name": .string(member.name), "summary": .string(member.about),
            "required": .bool(!member.isOptional), "schema": member.json,
        ]
    }

    private static func example(_ example: MethodDescription.Example) -> JSON {
        [
            "name": .string(example.name),
            "params": .array(
                example.params.members.map { ["name": .string($0.key), "value": $0.value] }),
            "result": ["name": "result", "value": example.result],
        ]
    }

    private static var schemas: JSON.Object {
        var named: [String: Schema] = [:]
        for description in Method.allCases.map(\.description) {
            for schema in description.params.map(\.schema) + [description.result] {
                for (name, shape) in schema.named { named[name] = shape }
            }
        }
        var object = JSON.Object()
        for (name, schema) in named.sorted(by: { $0.key < $1.key }) { object[name] = schema.json }
        return object
    }

    private static var errors: JSON.Object {
        var object = JSON.Object()
        for name in ErrorName.allCases {
            object[name.rawValue] = [
                "code": .integer(name.code), "message": .string(name.rawValue),
                "data": [
                    "code": .string(name.rawValue), "retryable": .bool(name.isRetryable),
                ],
            ]
        }
        return object
    }
}
