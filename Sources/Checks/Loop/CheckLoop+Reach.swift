// SPDX-License-Identifier: Apache-2.0
public import Packets

/// Questions of one answer: whether somebody is there.
///
/// Each is answered exactly once, inside `turn` or at once inside the call.
extension CheckLoop {
    /// Checks under way at once, pulls apart.
    ///
    /// Chosen: with pulls it stays below the usual limit of descriptors.
    public static let checkLimit = 1000

    /// Asks a host by ICMP echo.
    public func echo(
        _ request: EchoRequest, allowed: AllowedAddresses,
        done: @escaping (EchoResult) -> Void
    ) {
        if let refusal = refusal(request.address, allowed) {
            var result = EchoResult(request.address)
            result.failure = refusal
            return done(result)
        }
        let check = EchoCheck(request, self, done)
        join(check)
        check.begin()
    }

    /// Connects to a TCP port and ends the connection.
    public func connect(
        _ endpoint: Endpoint, allowed: AllowedAddresses, limit: Int64 = 5_000_000_000,
        done: @escaping (ConnectResult) -> Void
    ) {
        if let refusal = refusal(endpoint.address, allowed) {
            return done(ConnectResult(endpoint: endpoint, nanoseconds: nil, failure: refusal))
        }
        let check = ConnectCheck(endpoint, limit: limit, self, done)
        join(check)
        check.begin()
    }

    private func refusal(
        _ address: IPAddress, _ allowed: AllowedAddresses
    ) -> CheckFailure? {
        guard allowed.allows(address) else {
            return CheckFailure(Resolver.Refusal.notAllowed(address))
        }
        guard checkCount < CheckLoop.checkLimit else {
            return CheckFailure(.probe, "too-many", "more than \(CheckLoop.checkLimit) checks")
        }
        return nil
    }
}
