// SPDX-License-Identifier: Apache-2.0

import Timekeeping

/// Requests: their heads, proofs, and the answers to what the server asks.
extension RTSPClientSession {
    /// Sends a request and waits for its answer.
    mutating func ask(
        _ method: RTSPMethod, _ url: String, headers: RTSPHeaders = RTSPHeaders(),
        medium: Int? = nil, isKeepAlive: Bool = false, at now: Instant
    ) -> [Action] {
        let sequence = nextSequence
        nextSequence &+= 1
        var all = headers
        all.append("User-Agent", configuration.userAgent)
        if let session { all.append("Session", session.identifier) }
        let proof = login.proof(method, url)
        if let proof { all.append("Authorization", proof) }
        let message = RTSPMessage.request(method, url, sequenceNumber: sequence, headers: all)
        asked = Asked(
            method: method, url: url, headers: headers, sequence: sequence,
            deadline: now.advanced(byNanoseconds: configuration.answerLimit),
            hasProof: proof != nil, medium: medium, isKeepAlive: isKeepAlive)
        note(message, isOwn: true, at: now)
        return [.send(message.serialised())]
    }

    /// Sends the last request again, with whatever proof is now known.
    mutating func askAgain(_ asked: Asked, at now: Instant) -> [Action] {
        ask(
            asked.method, asked.url, headers: asked.headers, medium: asked.medium,
            isKeepAlive: asked.isKeepAlive, at: now)
    }

    /// What to do about a 401.
    mutating func challenged(by response: RTSPMessage, _ asked: Asked, at now: Instant) -> [Action]
    {
        if let reason = login.challenged(by: response, hadProof: asked.hasProof) {
            return end(reason)
        }
        return askAgain(asked, at: now)
    }

    /// Asks for nothing, so that the server sees that somebody is there.
    mutating func keepAlive(at now: Instant) -> [Action] {
        scheduleKeepAlive(at: now)
        return ask(
            knowsGetParameter ? .getParameter : .options, aggregate, isKeepAlive: true, at: now)
    }

    /// Half of the server's patience, at most half a minute: one lost keep-alive is not the end.
    mutating func scheduleKeepAlive(at now: Instant) {
        let seconds = min(Int64(session?.timeout ?? SessionHeader.usualTimeout), 60)
        keepAliveDue = now.advanced(byNanoseconds: seconds * 500_000_000)
    }

    /// Answers what the server asks, which few do.
    mutating func answer(
        _ request: RTSPMessage, _ method: RTSPMethod, at now: Instant
    ) -> [Action] {
        oddities.serverRequests += 1
        guard oddities.serverRequests <= Self.serverRequestLimit else {
            return end(.nonsense(.tooManyRequests))
        }
        let status: Int
        switch method {
        case .options, .getParameter, .setParameter, .announce, .redirect, .teardown: status = 200
        default: status = 501
        }
        let answer = RTSPMessage.response(status, to: request)
        var actions: [Action] = [.send(answer.serialised())]
        if method == .teardown { actions += end(.endedByServer) }
        if method == .redirect {
            let url = request.headers["Location"].flatMap { try? RTSPURL(parsing: $0) }
            actions += end(.redirected(url))
        }
        return actions
    }

    /// Keeps the first line of a message as evidence.
    mutating func note(_ message: RTSPMessage, isOwn: Bool, at now: Instant) {
        let text = String(message.description.unicodeScalars.prefix(160).map(Character.init))
        if lines.count == Self.lineLimit {
            // What began the trouble and what came last are worth more than what lay between.
            lines.remove(at: Self.lineLimit / 2)
            omittedLines += 1
        }
        lines.append(Line(instant: now, isOwn: isOwn, text: text))
    }
}
