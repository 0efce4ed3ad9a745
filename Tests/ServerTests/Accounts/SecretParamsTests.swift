import Model
import Testing
import Wire

@testable import Server

/// Protocol/wire.md#writes: what is kept of a call tells it from others, and keeps no secret.
@Suite("What is kept of a call") struct SecretParamsTests {
    private static func kept(_ method: Wire.Method, _ params: JSON.Object) -> [UInt8] {
        OperationRequest.sha256(method, params)
    }

    @Test("A password makes no difference to it, anything else does")
    func secrets() {
        let one = Self.kept(.accountChangePassword, ["password": "a", "newPassword": "b"])
        let other = Self.kept(.accountChangePassword, ["password": "c", "newPassword": "d"])
        #expect(one == other)
        #expect(
            Self.kept(.accountUpdate, ["bio": "a"]) != Self.kept(.accountUpdate, ["bio": "b"]))
        #expect(
            Self.kept(.accountDelete, ["password": "a"])
                != Self.kept(.accountDeactivate, ["password": "a"]))
    }
}
