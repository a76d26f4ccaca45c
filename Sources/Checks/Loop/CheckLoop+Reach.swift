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

    func refusal(
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

/// Test packets, and searches.
extension CheckLoop {
    /// Where reflectors listen (RFC 8762 section 4.1).
    public static let stampPort: UInt16 = 862
    /// Where searches for devices go: 239.255.255.250, port 3702 (WS-Discovery section 2.4).
    public static let discoveryGroup = Endpoint(
        address: IPAddress(239, 255, 255, 250), port: 3702)

    /// Sends test packets of STAMP to a reflector.
    public func stamp(
        _ endpoint: Endpoint, count: Int = 20, intervalNanoseconds: Int64 = 100_000_000,
        allowed: AllowedAddresses, done: @escaping (STAMPResult) -> Void
    ) {
        if let refusal = refusal(endpoint.address, allowed) {
            var result = STAMPResult(endpoint)
            result.failure = refusal
            return done(result)
        }
        let sender = STAMPSender(
            endpoint, count: count, interval: intervalNanoseconds, limit: 1_000_000_000, self,
            done)
        join(sender)
        sender.begin()
    }

    /// Sends test packets back to those who are allowed; the place where it listens, or nil if
    /// the port cannot be had.
    ///
    /// A port of 0 is any. Goes on as long as the loop does, and does not keep it busy.
    public func reflect(at endpoint: Endpoint, allowed: AllowedAddresses) -> Endpoint? {
        guard let reflector = STAMPReflector(at: endpoint, allowed: allowed, self) else {
            return nil
        }
        reflector.begin()
        return reflector.endpoint
    }

    /// Searches for devices of ONVIF from the interface that has the address `local`.
    public func discover(
        local: IPAddress, allowed: AllowedAddresses, nanoseconds: Int64 = 3_000_000_000,
        target: Endpoint = CheckLoop.discoveryGroup,
        done: @escaping (Result<[DiscoveredDevice], CheckFailure>) -> Void
    ) {
        guard local.isV4, target.address.isMulticast || allowed.allows(target.address) else {
            return done(.failure(CheckFailure(Resolver.Refusal.notAllowed(target.address))))
        }
        let discovery = Discovery(allowed: allowed, nanoseconds: nanoseconds, self) {
            done(.success($0))
        }
        if let failure = discovery.begin(local: local, target: target) {
            return done(.failure(failure))
        }
        join(discovery)
    }
}
