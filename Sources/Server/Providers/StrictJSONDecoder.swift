import FoundationEssentials
import JWTKit
import Model

/// How jwt-kit reads headers and payloads here: with our reader, which refuses doubled members.
struct StrictJSONDecoder: JWTJSONDecoder {
    func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSON.parse(Array(data), limits: JSON.Limits()).decoded(as: type)
    }
}
