// SPDX-License-Identifier: Apache-2.0

import Octets

/// Cuts one direction of an RTSP connection into messages and interleaved frames.
///
/// Fed with runs of contiguous octets as a capture shows them and told of the octets that are
/// missing. However the octets are cut into runs, the elements are the same. A frame that lies
/// wholly in a run is pointed at, not copied, and costs no allocation.
///
/// Where octets are missing inside a frame or a body, reading goes on by length; where they hid
/// the beginning of an element, the reader searches for the next place that is safe to call one.
/// The body of HTTP is handed over as it comes, except in a tunnel of RTSP through HTTP: there
/// the answering direction goes on as RTSP, and the asking direction is freed of base64.
public struct RTSPStreamReader: Sendable {
    /// What happened besides elements.
    public struct Counters: Hashable, Sendable {
        /// Makes counters of zero.
        public init() {}

        /// Octets that belonged to no element.
        public var junkOctets = 0
        /// Octets said to be missing.
        public var missingOctets = 0
        /// Times that a beginning was found again after a search.
        public var resynchronisations = 0
        /// Blank lines between messages, in octets.
        public var blankOctets = 0
        /// Messages that broke the rules.
        public var unreadableMessages = 0
        /// Frames of which octets are missing.
        public var cutFrames = 0
        /// Octets of a tunnel that are not base64.
        public var strayTunnelOctets = 0
    }

    /// The most octets that a reader gathers.
    ///
    /// A message of the longest head and body; a frame, and what confirms it, takes less.
    public static let gatherLimit = RTSPMessage.headLimit + RTSPMessage.bodyLimit

    /// What happened besides elements.
    public private(set) var counters = Counters()
    private var framing: InterleavedFraming
    private var mode = Mode.framed
    /// What is left of an element in which octets are missing.
    private var tail: Tail?
    /// Octets from earlier runs; those before `head` are done with.
    private var gathered: [UInt8] = []
    private var head = 0

    private enum Mode: Sendable {
        case framed
        /// The body of HTTP, of so many octets still, or up to the connection's end.
        case body(remaining: Int?)
        case tunnelled(TunnelDecoder)
    }

    private enum Tail: Sendable {
        case frame(CutFrame, remaining: Int)
        case body(remaining: Int)
    }

    /// A frame with octets missing; those before the first missing one are gathered.
    private struct CutFrame: Sendable {
        var channel: UInt8
        var length: Int
        var prefixCount: Int
        var capturedCount: Int
    }

    /// Makes the reader of one direction.
    ///
    /// - Parameter startsMidStream: the connection's beginning was not seen, so that the first
    ///   octet may lie anywhere in an element.
    public init(startsMidStream: Bool = false) {
        framing = InterleavedFraming(isInStep: !startsMidStream)
    }

    /// Whether the next octet is known to belong to or begin an element.
    public var isInStep: Bool { framing.isInStep || tail != nil }

    /// Whether a message has begun and not ended: the one that waits judges by its own clock
    /// when a peer that sends a header octet by octet is too slow.
    public var isInsideMessage: Bool {
        guard framing.isInStep, tail == nil, head < gathered.count else { return false }
        return gathered[head] != ASCII.dollar
    }

    /// Octets that are gathered.
    public var gatheredCount: Int { gathered.count - head }

    /// The next element that ends in `run`, or nil if the run is used up.
    ///
    /// To be called with the same run until it answers nil.
    ///
    /// - Parameters:
    ///   - run: octets that follow, without a gap, those of the run before.
    ///   - position: how much of the run is used up; starts at 0.
    public mutating func next(
        _ run: Span<UInt8>, at position: inout Int
    ) -> RTSPElement? {
        releaseWhatIsDone()
        while true {
            switch step(run, &position) {
            case .element(let element): return element
            case .again: continue
            case .starved: return nil
            }
        }
    }

    /// Calls `consume` with each element that ends in `run` and the octets it points at.
    ///
    /// The octets are the payload's prefix of a frame, the octets of a body, else none.
    public mutating func receive(
        _ run: Span<UInt8>, _ consume: (RTSPElement, Span<UInt8>) -> Void
    ) {
        var position = 0
        while let element = next(run, at: &position) {
            switch element {
            case .interleaved(let frame):
                withOctets(frame.payload, in: run) { consume(element, $0) }
            case .httpBody(let octets):
                withOctets(octets, in: run) { consume(element, $0) }
            case .message, .unreadable:
                consume(element, run.extracting(0..<0))
            }
        }
    }

    /// Calls `body` with the octets that the element last returned points at.
    ///
    /// - Parameter run: the run that was given when the element was returned.
    public func withOctets<Result>(
        _ octets: ReceivedOctets, in run: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        if octets.isGathered {
            body(gathered.span.extracting(octets.range))
        } else {
            body(run.extracting(octets.range))
        }
    }

    /// The octets of an element that `skipped` or `ended` returned: these are always gathered.
    public func copy(of octets: ReceivedOctets) -> [UInt8] {
        octets.isGathered ? Array(gathered[octets.range]) : []
    }
}

// MARK: - One step

extension RTSPStreamReader {
    private enum Step {
        case element(RTSPElement)
        case again
        case starved
    }

    private mutating func releaseWhatIsDone() {
        if head == gathered.count {
            gathered.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 8192 {
            // Chosen: moving the rest forward then costs little beside what was read.
            gathered.removeFirst(head)
            head = 0
        }
    }

    private mutating func step(_ run: Span<UInt8>, _ position: inout Int) -> Step {
        if let tail { return stepThroughTail(tail, run, &position) }
        switch mode {
        case .framed:
            return stepThroughFrames(run, &position)
        case .body(let remaining):
            return stepThroughBody(remaining, run, &position)
        case .tunnelled(var decoder):
            if gatheredCount > 0 {
                var none = run.count
                let step = stepThroughFrames(run, &none)
                guard case .starved = step else { return step }
            }
            guard position < run.count else { return .starved }
            releaseWhatIsDone()
            let end = min(run.count, position + 4096)
            decoder.decode(run.extracting(position..<end), into: &gathered)
            counters.strayTunnelOctets += decoder.takeStrayCount()
            mode = .tunnelled(decoder)
            position = end
            return .again
        }
    }

    private mutating func stepThroughTail(
        _ tail: Tail, _ run: Span<UInt8>, _ position: inout Int
    ) -> Step {
        let available = run.count - position
        switch tail {
        case .body(let remaining):
            let taken = min(remaining, available)
            position += taken
            self.tail = taken == remaining ? nil : .body(remaining: remaining - taken)
            return taken == remaining ? .again : .starved
        case .frame(var frame, let remaining):
            let taken = min(remaining, available)
            position += taken
            frame.capturedCount += taken
            guard taken == remaining else {
                self.tail = .frame(frame, remaining: remaining - taken)
                return .starved
            }
            return .element(finish(frame))
        }
    }

    /// Ends a frame in which octets are missing; its prefix is all that is gathered.
    private mutating func finish(_ frame: CutFrame) -> RTSPElement {
        tail = nil
        counters.cutFrames += 1
        let start = head + InterleavedFraming.headerLength
        head = gathered.count
        return .interleaved(
            InterleavedFrame(
                channel: frame.channel, length: frame.length, capturedCount: frame.capturedCount,
                payload: ReceivedOctets(
                    isGathered: true, range: start..<start + frame.prefixCount)))
    }

    private mutating func stepThroughBody(
        _ remaining: Int?, _ run: Span<UInt8>, _ position: inout Int
    ) -> Step {
        if remaining == 0 {
            mode = .framed
            return .again
        }
        let isGathered = gatheredCount > 0
        let start = isGathered ? head : position
        let available = isGathered ? gatheredCount : run.count - position
        guard available > 0 else { return .starved }
        let taken = min(available, remaining ?? available)
        if isGathered { head += taken } else { position += taken }
        mode = .body(remaining: remaining.map { $0 - taken })
        return .element(
            .httpBody(ReceivedOctets(isGathered: isGathered, range: start..<start + taken)))
    }

    private mutating func stepThroughFrames(
        _ run: Span<UInt8>, _ position: inout Int
    ) -> Step {
        let isGathered = gatheredCount > 0
        guard isGathered || position < run.count else { return .starved }
        // The gathered octets are borrowed from `self`, which then cannot be changed meanwhile.
        var framing = framing
        let finding =
            isGathered
            ? framing.examine(gathered.span.extracting(head...))
            : framing.examine(run.extracting(position...))
        self.framing = framing
        counters.resynchronisations = framing.foundCount
        let start = isGathered ? head : position
        func advance(_ count: Int) {
            if isGathered { head += count } else { position += count }
        }
        switch finding {
        case .frame(let channel, let length):
            advance(InterleavedFraming.headerLength + length)
            let first = start + InterleavedFraming.headerLength
            return .element(
                .interleaved(
                    InterleavedFrame(
                        channel: channel, length: length, capturedCount: length,
                        payload: ReceivedOctets(
                            isGathered: isGathered, range: first..<first + length))))
        case .message(let message, let count):
            advance(count)
            expectBody(of: message)
            return .element(.message(message))
        case .unreadable(let fault):
            advance(1)
            counters.junkOctets += 1
            counters.unreadableMessages += 1
            return .element(.unreadable(fault))
        case .junk(let count):
            advance(count)
            counters.junkOctets += count
            return .again
        case .blank(let count):
            advance(count)
            counters.blankOctets += count
            return .again
        case .more(let count):
            return gather(upTo: count - gatheredCount, run, &position)
        case .moreOfHead:
            // Not beyond the line's end: what follows the head may not be framed.
            let end = run.firstIndex(of: ASCII.lineFeed, in: position..<run.count) ?? run.count
            return gather(upTo: end - position + 1, run, &position)
        }
    }

    private mutating func gather(
        upTo count: Int, _ run: Span<UInt8>, _ position: inout Int
    ) -> Step {
        let end = position + min(count, run.count - position)
        guard end > position else { return .starved }
        releaseWhatIsDone()
        for index in position..<end { gathered.append(run[index]) }
        position = end
        return .again
    }

    /// Decides how to read what follows the head of an HTTP message.
    private mutating func expectBody(of message: RTSPMessage) {
        guard message.wire == .http else { return }
        let isTunnel = message.contentType == HTTPTunnel.contentType
        switch message.start {
        case .request(let method, _):
            if method == .post, isTunnel {
                mode = .tunnelled(TunnelDecoder())
            } else if let length = message.contentLength, length > 0 {
                mode = .body(remaining: length)
            }
        case .response(let status, _):
            let hasNone = status < 200 || status == 204 || status == 304
            guard !isTunnel, !hasNone, message.contentLength != 0 else { return }
            mode = .body(remaining: message.contentLength)
        }
    }
}

// MARK: - Missing octets

extension RTSPStreamReader {
    /// Takes note that `count` octets of the stream follow that were not captured.
    ///
    /// Returns the element that ends in the gap, if one does; see `copy(of:)`.
    public mutating func skipped(octets count: Int) -> RTSPElement? {
        guard count > 0 else { return nil }
        counters.missingOctets &+= count
        releaseWhatIsDone()
        if tail == nil, case .body(let remaining) = mode {
            guard let remaining else { return nil }
            mode = count > remaining ? .framed : .body(remaining: remaining - count)
            if count > remaining { framing.loseStep() }
            return nil
        }
        if case .tunnelled(var decoder) = mode {
            decoder.skipped(octets: count)
            mode = .tunnelled(decoder)
            abandon()
            return nil
        }
        let (message, begun) = tail.map { (nil, $0) } ?? cutElement()
        guard let begun else {
            abandon()
            return nil
        }
        let rest = shorten(begun, by: count)
        return message.map { .message($0) } ?? rest
    }

    /// Takes note that the connection ended; returns the element that was cut off, if any.
    public mutating func ended() -> RTSPElement? {
        releaseWhatIsDone()
        let (message, begun) = tail.map { (nil, $0) } ?? cutElement()
        defer { abandon() }
        if let message { return .message(message) }
        guard case .frame(let frame, _)? = begun else { return nil }
        return finish(frame)
    }

    /// The element whose beginning is gathered, as far as its length is known.
    private mutating func cutElement() -> (RTSPMessage?, Tail?) {
        guard framing.isInStep, gatheredCount > 0 else { return (nil, nil) }
        if gathered[head] == ASCII.dollar {
            let have = gatheredCount - InterleavedFraming.headerLength
            guard have >= 0 else { return (nil, nil) }
            let length = Int(gathered[head + 2]) << 8 | Int(gathered[head + 3])
            let frame = CutFrame(
                channel: gathered[head + 1], length: length, prefixCount: have,
                capturedCount: have)
            return (nil, .frame(frame, remaining: length - have))
        }
        guard let end = framing.headEnd,
            var message = try? RTSPMessage(head: gathered.span.extracting(head...), length: end)
        else { return (nil, nil) }
        message.body = Array(gathered[(head + end)...])
        let remaining = (message.contentLength ?? 0) - message.body.count
        head = gathered.count
        return (message, .body(remaining: max(0, remaining)))
    }

    /// Lets `count` octets pass; returns the frame that ends with or within them.
    private mutating func shorten(_ begun: Tail, by count: Int) -> RTSPElement? {
        framing.loseStep()
        switch begun {
        case .body(let remaining):
            framing.isInStep = count <= remaining
            tail = count < remaining ? .body(remaining: remaining - count) : nil
            return nil
        case .frame(let frame, let remaining):
            framing.isInStep = count <= remaining
            if count < remaining {
                tail = .frame(frame, remaining: remaining - count)
                return nil
            }
            return finish(frame)
        }
    }

    /// Gives up what is gathered, and the knowledge of where elements begin.
    private mutating func abandon() {
        var framing = framing
        if gatheredCount > 0 { framing.suspect(gathered.span.extracting(head...)) }
        counters.junkOctets += gatheredCount
        head = gathered.count
        tail = nil
        framing.loseStep()
        self.framing = framing
    }
}
