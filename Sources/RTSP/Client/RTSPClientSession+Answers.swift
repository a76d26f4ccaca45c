// SPDX-License-Identifier: Apache-2.0

import Octets
import Timekeeping

/// Answers of the server, and what follows from each.
extension RTSPClientSession {
    mutating func received(_ message: RTSPMessage, at now: Instant) -> [Action] {
        guard message.wire == .rtsp else {
            oddities.unreadableMessages += 1
            return []
        }
        note(message, isOwn: false, at: now)
        if let method = message.method { return answer(message, method, at: now) }
        guard let status = message.status else { return [] }
        // Interim answers change nothing, the deadline neither.
        guard status >= 200 else { return [] }
        guard let asked, message.sequenceNumber == asked.sequence else {
            oddities.strayAnswers += 1
            return []
        }
        self.asked = nil
        if let software = message.headers["Server"], serverSoftware == nil {
            serverSoftware = String(software.prefix(128))
        }
        if status == 401 { return challenged(by: message, asked, at: now) }
        login.accepted()
        if phase == .ending { return end(.stopped) }
        if asked.isKeepAlive { return keptAlive(status, asked, at: now) }
        if let actions = refusal(message, status, asked, at: now) { return actions }
        switch asked.method {
        case .options: return learnt(message, at: now)
        case .describe: return described(message, at: now)
        case .setup: return setUp(message, medium: asked.medium ?? 0, at: now)
        case .play: return plays(at: now)
        default: return []
        }
    }

    /// What an answer other than success leads to; nil if it is to be read.
    private mutating func refusal(
        _ message: RTSPMessage, _ status: Int, _ asked: Asked, at now: Instant
    ) -> [Action]? {
        switch status {
        case 200..<300: return nil
        case 300..<400:
            let url = message.headers["Location"].flatMap { try? RTSPURL(parsing: $0) }
            return end(.redirected(url))
        case 453, 503: return end(.busy(status: status))
        default: break
        }
        // Some cameras know no OPTIONS and do all else.
        if asked.method == .options { return describe(at: now) }
        if asked.method == .setup, let medium = asked.medium {
            return refusedSetup(status, medium, at: now)
        }
        switch status {
        case 404, 410: return end(.notFound(asked.method, status: status))
        case 454: return end(.sessionLost)
        default: return end(.refused(asked.method, status: status))
        }
    }

    private mutating func learnt(_ message: RTSPMessage, at now: Instant) -> [Action] {
        let methods = message.headers.values("Public").flatMap { $0.split(separator: ",") }
        knowsGetParameter = methods.contains {
            FieldScanner.trimmed(String($0)) == RTSPMethod.getParameter.rawValue
        }
        return describe(at: now)
    }

    private mutating func describe(at now: Instant) -> [Action] {
        ask(
            .describe, configuration.url.description, headers: ["Accept": "application/sdp"],
            at: now)
    }

    private mutating func described(_ message: RTSPMessage, at now: Instant) -> [Action] {
        let type = message.contentType ?? "application/sdp"
        guard type == "application/sdp", !message.body.isEmpty, !message.isBodyCut else {
            return end(.nonsense(.notDescription))
        }
        let description: SessionDescription
        do throws(ParseFault) {
            description = try SessionDescription(parsing: message.body.span)
        } catch {
            return end(.unreadable(error))
        }
        self.description = description
        base = ours(RTSPURL.base(of: message, requested: configuration.url))
        aggregate = ours(base.control(description.control).url ?? base).description
        return chooseMedia(of: description, at: now)
    }

    private mutating func plays(at now: Instant) -> [Action] {
        phase = .playing
        startDeadline = nil
        lastMedia = now
        scheduleKeepAlive(at: now)
        return [.playing]
    }

    /// Takes the answer to a keep-alive; only a server that forgot the session ends it.
    private mutating func keptAlive(_ status: Int, _ asked: Asked, at now: Instant) -> [Action] {
        if status == 454 { return end(.sessionLost) }
        guard !(200..<300).contains(status) else { return [] }
        oddities.failedKeepAlives += 1
        if asked.method == .getParameter {
            knowsGetParameter = false
            return keepAlive(at: now)
        }
        return []
    }

    /// The URL with our own host and port.
    ///
    /// Cameras behind address translation name themselves by an address that means nothing
    /// here; nothing is ever sent to where such a URL points.
    mutating func ours(_ url: RTSPURL) -> RTSPURL {
        let own = configuration.url
        guard
            !url.hasSameHost(as: own) || url.effectivePort != own.effectivePort
                || url.scheme != own.scheme
        else { return url }
        oddities.foreignAddresses += 1
        return RTSPURL(scheme: own.scheme, host: own.host, port: own.port, path: url.path)
    }
}
