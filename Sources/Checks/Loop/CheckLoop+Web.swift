// SPDX-License-Identifier: Apache-2.0
/// Questions by HTTP and HTTPS, answered by a worker's thread.
extension CheckLoop {
    /// What a question yields; each is answered exactly once, inside `turn` or at once.
    enum WebResult: Sendable {
        case answer(WebAnswer)
        case certificate(CertificateResult)
        case inquiry(DeviceFindings)
        case chrony(ChronyTracking?)
    }

    /// Asks once.
    public func ask(
        _ request: WebRequest, allowed: AllowedAddresses, done: @escaping (WebAnswer) -> Void
    ) {
        if let refusal = refusal(request.address, allowed) {
            var answer = WebAnswer()
            answer.failure = refusal
            return done(answer)
        }
        submit({ .answer(WebClient.ask(request)) }) { result in
            if case .answer(let answer) = result { done(answer) }
        }
    }

    /// Looks at the certificate of the URL's host.
    public func certificate(
        of request: WebRequest, allowed: AllowedAddresses,
        done: @escaping (CertificateResult) -> Void
    ) {
        if let refusal = refusal(request.address, allowed) {
            return done(CertificateResult(failure: refusal))
        }
        submit({ .certificate(WebClient.certificate(request)) }) { result in
            if case .certificate(let found) = result { done(found) }
        }
    }

    /// Asks a device what it is, by ONVIF or PSIA.
    public func inquire(
        _ inquiry: DeviceInquiry, allowed: AllowedAddresses,
        done: @escaping (DeviceFindings) -> Void
    ) {
        if let refusal = refusal(inquiry.address, allowed) {
            var findings = DeviceFindings()
            findings.failure = refusal
            return done(findings)
        }
        submit({ .inquiry(inquiry.run(ask: WebClient.ask, now: { LoopClock.wall })) }) { result in
            if case .inquiry(let found) = result { done(found) }
        }
    }

    /// Asks chrony how the probe's clock is kept; nil where there is no chrony.
    public func chrony(done: @escaping (ChronyTracking?) -> Void) {
        submit({ .chrony(ChronyTracking.read()) }) { result in
            if case .chrony(let tracking) = result { done(tracking) }
        }
    }
}
