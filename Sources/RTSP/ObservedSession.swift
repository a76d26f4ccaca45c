// SPDX-License-Identifier: Apache-2.0

import Octets

/// Puts the requests and responses of a connection together and says what they agreed on.
///
/// Fed with the messages of both directions in the order of capture. Of a tunnel through HTTP,
/// the messages of both its connections belong to one session. Requests that were not seen,
/// because of gaps or because only one direction is captured, leave their part unknown.
public struct ObservedSession: Sendable {
    /// Who sent a message: the one that opened the connection, or the one that was called.
    public enum Side: Hashable, Sendable {
        case client
        case server
    }

    /// The most requests that may wait for an answer, both sides together.
    ///
    /// Chosen: clients send one at a time, some three.
    public static let outstandingLimit = 32
    /// The most media that are kept of a connection.
    public static let mediaLimit = SessionDescription.mediaLimit
    /// The most descriptions that are kept of a connection; the oldest goes first.
    ///
    /// Chosen: recorders ask several profiles on one connection.
    public static let descriptionLimit = 4

    /// The descriptions seen, the latest last.
    public private(set) var descriptions: [ObservedDescription] = []
    /// The media that are set up and not torn down.
    public private(set) var media: [ObservedMedium] = []
    private var outstanding: [Request] = []
    /// What could not be used of the message at hand.
    private var unusable: [ParseFault] = []

    /// A request that waits for its answer.
    private struct Request: Sendable {
        var side: Side
        var sequenceNumber: UInt32?
        var method: RTSPMethod
        var url: RTSPURL?
        var transport: TransportHeader?
        var hasProof: Bool
        var session: String?
    }

    /// Makes a session of which nothing was seen.
    public init() {}

    /// Takes a message; returns what it tells, and last what of it could not be used.
    public mutating func observed(_ message: RTSPMessage, from side: Side) -> [SessionFact] {
        guard message.wire == .rtsp else { return [] }
        let facts = facts(of: message, from: side)
        defer { unusable.removeAll() }
        return facts + unusable.map { .unusable($0) }
    }

    private mutating func facts(of message: RTSPMessage, from side: Side) -> [SessionFact] {
        switch message.start {
        case .request(let method, let target):
            return observedRequest(message, method, target.url, from: side)
        case .response(let status, _):
            guard status >= 200 else { return [] }
            return observedResponse(message, status, to: takeRequest(for: message, from: side))
        }
    }

    private mutating func observedRequest(
        _ message: RTSPMessage, _ method: RTSPMethod, _ url: RTSPURL?, from side: Side
    ) -> [SessionFact] {
        checkSequenceNumber(message)
        if outstanding.count >= Self.outstandingLimit {
            outstanding.removeFirst()
            refuse("requests without answer", limit: Self.outstandingLimit)
        }
        outstanding.append(
            Request(
                side: side, sequenceNumber: message.sequenceNumber, method: method, url: url,
                transport: transport(of: message),
                hasProof: message.headers["Authorization"] != nil,
                session: session(of: message)?.identifier))
        switch method {
        case .announce:
            return describe(message, url, base: url, isAnnounced: side == .client)
        case .redirect:
            return redirect(message, from: url)
        default:
            return []
        }
    }

    /// The request that a response answers.
    ///
    /// By its sequence number; a response without one answers the only request that waits.
    private mutating func takeRequest(
        for response: RTSPMessage, from side: Side
    ) -> Request? {
        let asker: Side = side == .client ? .server : .client
        let number = response.sequenceNumber
        checkSequenceNumber(response)
        let candidates = outstanding.indices.filter {
            outstanding[$0].side == asker
                && (number == nil || outstanding[$0].sequenceNumber == number)
        }
        guard let index = candidates.first, number != nil || candidates.count == 1 else {
            // In order, and no use: the request went before the capture began or another way.
            unusable.append(
                ParseFault(
                    .ignored, .rtsp, "answer without request", offset: 0, needed: 0, had: 0))
            return nil
        }
        return outstanding.remove(at: index)
    }

    /// Requires the number that ties answers to requests (RFC 2326 section 12.17).
    private mutating func checkSequenceNumber(_ message: RTSPMessage) {
        guard message.sequenceNumber == nil else { return }
        unusable.append(ParseFault(.invalid, .rtsp, "CSeq", offset: 0, needed: 1, had: 0))
    }

    private mutating func refuse(_ what: String, limit: Int) {
        // Of literals only, as faults are told apart by them.
        unusable.append(
            ParseFault(.overLimit, .rtsp, what, offset: 0, needed: limit, had: limit + 1))
    }

    private mutating func observedResponse(
        _ message: RTSPMessage, _ status: Int, to request: Request?
    ) -> [SessionFact] {
        switch status {
        case 200..<300:
            return observedSuccess(message, of: request)
        case 300..<400:
            return redirect(message, from: request?.url)
        case 401:
            let schemes = AuthenticationHeader.all(
                parsing: message.headers.values("WWW-Authenticate")
            ).map(\.scheme)
            return request?.hasProof == true
                ? [.authenticationRefused(request?.url, schemes: schemes)]
                : [.authenticationRequired(request?.url, schemes: schemes)]
        default:
            guard let request else { return [] }
            // A session that the server does not know is over.
            if request.method == .teardown, status == 454 {
                return tearDown(request, request.session)
            }
            return [.refused(request.method, request.url, status: status)]
        }
    }

    private mutating func observedSuccess(
        _ message: RTSPMessage, of request: Request?
    ) -> [SessionFact] {
        guard let request else { return observedSuccessOfUnseen(message) }
        let header = session(of: message)
        let session = header?.identifier ?? request.session
        switch request.method {
        case .describe:
            let base = request.url.map { RTSPURL.base(of: message, requested: $0) }
            return describe(message, request.url, base: base, isAnnounced: false)
        case .setup:
            return setUp(message, request, header)
        case .play, .record:
            let delivery = ObservedDelivery(
                session: session, url: request.url, isRecorded: request.method == .record,
                range: message.headers["Range"].flatMap { PlayRange(parsing: $0) },
                streams: message.headers.values("RTP-Info").flatMap {
                    RTPInfo.entries(parsing: $0)
                })
            return [.started(delivery)]
        case .pause:
            return [.paused(session: session, url: request.url)]
        case .teardown:
            return tearDown(request, session)
        default:
            return []
        }
    }

    /// Takes what a response tells by itself.
    private mutating func observedSuccessOfUnseen(_ message: RTSPMessage) -> [SessionFact] {
        if message.headers["Transport"] != nil { return setUp(message, nil, session(of: message)) }
        if !message.body.isEmpty {
            let base = message.headers["Content-Base"].flatMap { try? RTSPURL(parsing: $0) }
            return describe(message, base, base: base, isAnnounced: false)
        }
        guard let value = message.headers["RTP-Info"] else { return [] }
        let delivery = ObservedDelivery(
            session: session(of: message)?.identifier, url: nil, isRecorded: false,
            range: message.headers["Range"].flatMap { PlayRange(parsing: $0) },
            streams: RTPInfo.entries(parsing: value))
        return [.started(delivery)]
    }
}

// MARK: - Facts

extension ObservedSession {
    private mutating func describe(
        _ message: RTSPMessage, _ url: RTSPURL?, base: RTSPURL?, isAnnounced: Bool
    ) -> [SessionFact] {
        var body = message.body[...]
        let isDescription = message.contentType.map { $0 == "application/sdp" } ?? true
        guard isDescription, !body.isEmpty else { return [] }
        if message.isBodyCut {
            // The last line may be cut in the middle.
            while let last = body.last, last != ASCII.lineFeed { body.removeLast() }
        }
        do throws(ParseFault) {
            let description = try SessionDescription(parsing: Array(body).span)
            let observed = ObservedDescription(
                url: url, base: base, description: description, isAnnounced: isAnnounced,
                isPartial: message.isBodyCut)
            descriptions.removeAll { $0.url == url && $0.isAnnounced == isAnnounced }
            if descriptions.count >= Self.descriptionLimit { descriptions.removeFirst() }
            descriptions.append(observed)
            return [.described(observed)]
        } catch {
            return [.undescribed(url, error)]
        }
    }

    private mutating func setUp(
        _ message: RTSPMessage, _ request: Request?, _ session: SessionHeader?
    ) -> [SessionFact] {
        let answered = transport(of: message)
        guard var agreed = answered ?? request?.transport else { return [] }
        if let asked = request?.transport {
            // Servers leave out what the client asked for and they do not change.
            agreed.clientPorts = agreed.clientPorts ?? asked.clientPorts
            agreed.delivery = agreed.delivery ?? asked.delivery
            if agreed.lowerTransport == .tcp {
                agreed.interleaved = agreed.interleaved ?? asked.interleaved
            }
            agreed.mode = agreed.mode ?? asked.mode
        }
        let found = request?.url.flatMap { describedMedium(at: $0) }
        let isAnnounced = found.map { descriptions[$0.description].isAnnounced } ?? false
        let medium = ObservedMedium(
            url: request?.url, index: found?.medium,
            description: found.map { descriptions[$0.description].description.media[$0.medium] },
            transport: agreed, session: session,
            // What was announced is recorded; there are servers that have another word for it.
            isRecorded: agreed.mode == "RECORD" || (agreed.mode != "PLAY" && isAnnounced))
        if let url = medium.url { media.removeAll { $0.url == url } }
        if media.count < Self.mediaLimit {
            media.append(medium)
        } else {
            refuse("media of a connection", limit: Self.mediaLimit)
        }
        return [.setUp(medium)]
    }

    private mutating func tearDown(
        _ request: Request, _ session: String?
    ) -> [SessionFact] {
        func isEnded(_ medium: ObservedMedium) -> Bool {
            session == nil || medium.session == nil || medium.session?.identifier == session
        }
        // The URL of one medium ends that one only; any other URL ends the session.
        let named = media.filter { medium in
            guard let url = medium.url, let asked = request.url else { return false }
            return isEnded(medium) && url.isSame(as: asked)
        }
        let ended = named.isEmpty ? media.filter(isEnded) : named
        media.removeAll { ended.contains($0) }
        return [.tornDown(session: session, url: request.url, media: ended)]
    }

    private func redirect(_ message: RTSPMessage, from url: RTSPURL?) -> [SessionFact] {
        guard let location = message.headers["Location"],
            let target = try? RTSPURL(parsing: location)
        else { return [] }
        let isOther = url.map { !$0.hasSameHost(as: target) || !target.isRTSP } ?? true
        return [.redirected(url, to: target, isOtherHost: isOther)]
    }

    /// The first alternative of a message's `Transport`.
    private mutating func transport(of message: RTSPMessage) -> TransportHeader? {
        guard let value = message.headers["Transport"] else { return nil }
        do throws(ParseFault) {
            return try TransportHeader.alternatives(parsing: value).first
        } catch {
            unusable.append(error)
            return nil
        }
    }

    private mutating func session(of message: RTSPMessage) -> SessionHeader? {
        guard let value = message.headers["Session"] else { return nil }
        do throws(ParseFault) {
            return try SessionHeader(parsing: value)
        } catch {
            unusable.append(error)
            return nil
        }
    }

    /// The described medium that a SETUP's URL means: places of description and medium.
    ///
    /// From exact to loose: the resolved control; its path alone, since behind address
    /// translation hosts differ; the control as the URL's end; the only medium there is.
    private func describedMedium(at url: RTSPURL) -> (description: Int, medium: Int)? {
        for fits in [Self.isSame, Self.hasSamePath, Self.endsInControl, Self.isOnlyMedium] {
            for index in descriptions.indices.reversed() {
                let places = descriptions[index].description.media.indices
                if let place = places.first(where: { fits(url, $0, descriptions[index]) }) {
                    return (index, place)
                }
            }
        }
        return nil
    }

    private static func isSame(_ url: RTSPURL, _ place: Int, _ seen: ObservedDescription) -> Bool {
        controls(place, seen).contains { $0.isSame(as: url) }
    }

    private static func hasSamePath(
        _ url: RTSPURL, _ place: Int, _ seen: ObservedDescription
    ) -> Bool { controls(place, seen).contains { $0.hasSamePath(as: url) } }

    private static func endsInControl(
        _ url: RTSPURL, _ place: Int, _ seen: ObservedDescription
    ) -> Bool {
        guard let control = seen.description.media[place].control, !control.isEmpty,
            control != "*"
        else { return false }
        return RTSPURL.bare(url.path).hasSuffix("/" + RTSPURL.bare(control))
    }

    private static func isOnlyMedium(
        _ url: RTSPURL, _ place: Int, _ seen: ObservedDescription
    ) -> Bool {
        guard seen.description.media.count == 1, let base = seen.base ?? seen.url else {
            return false
        }
        return RTSPURL.bare(url.path).hasPrefix(RTSPURL.bare(base.path))
    }

    /// Where a medium's control may lead.
    private static func controls(_ place: Int, _ seen: ObservedDescription) -> [RTSPURL] {
        guard let base = seen.base ?? seen.url else { return [] }
        let control = seen.description.media[place].control
        // Of several media, one without control of its own cannot be told from another.
        guard control != nil || seen.description.media.count == 1 else { return [] }
        return [base.control(control).url, base.controlByTheBook(control)].compactMap { $0 }
    }
}
