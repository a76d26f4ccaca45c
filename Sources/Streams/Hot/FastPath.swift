// SPDX-License-Identifier: Apache-2.0
import CPrefetch
public import Packets
import Timekeeping

/// The road of nearly every packet: RTP in UDP in IP in Ethernet, without options or fragments.
///
/// Records come in batches. With many streams a batch is gone through twice: streams are looked up
/// in the table and their first lines asked for; then the meters run, and their memory is in the
/// cache. With fewer streams it is gone through once. The plainest packets are metered as they lie
/// (`PlainLane`); those with an extension, IPv6 or news about their stream by way of an `Arrival`,
/// and where there are more than a few streams, later in the batch, when what a new frame touches
/// has arrived.
/// What this road does not read at a glance goes the general road (`GeneralPath`), which knows
/// every link type and says what is wrong.
///
/// This folder alone reads memory by pointers. The rule that keeps it safe: the first pass checks
/// the record against the window once, and every later offset against the record's length.
extension Tracker {
    /// Records gone through at a time: enough to hide a memory access (about 100 ns) behind the
    /// work on others, few enough for the batch's headers to stay in the first-level cache.
    static let batchSize = 32

    /// Takes captured records whose bytes lie in `window`, in order of capture.
    public mutating func receive(window: Span<UInt8>, records: Span<CapturedRecord>) {
        unsafe window.withUnsafeBufferPointer { bytes in
            unsafe records.withUnsafeBufferPointer { records in
                guard let base = bytes.baseAddress, let first = records.baseAddress,
                    records.count > 0
                else { return }
                let ahead = unsafe Tracker.prefetchDistance(records)
                var next = 0
                while next < records.count {
                    let size = min(records.count &- next, Tracker.batchSize)
                    unsafe receive(first + next, size, base, bytes.count, ahead)
                    next = next &+ size
                }
            }
        }
    }

    /// How far ahead of a record the file is asked for: as much as these records take, so that
    /// it is what most likely follows them; zero if that is too much.
    ///
    /// A mapped file is walked record by record, and each line would be waited for.
    @inline(__always)
    private static func prefetchDistance(_ records: UnsafeBufferPointer<CapturedRecord>) -> Int {
        let begin = unsafe records[0].offset
        let last = unsafe records[records.count - 1]
        let distance = last.offset &+ last.capturedLength &- begin
        return distance > 0 && distance <= prefetchLimit ? distance : 0
    }

    /// Octets asked for ahead at most: a batch of short records.
    ///
    /// What is not in the first caches any more when it is wanted is no help.
    private static let prefetchLimit = 48 * 1024

    /// Takes one batch of `size` records.
    private mutating func receive(
        _ records: UnsafePointer<CapturedRecord>, _ size: Int, _ base: UnsafePointer<UInt8>,
        _ count: Int, _ ahead: Int
    ) {
        let window = unsafe UnsafeRawBufferPointer(start: base, count: count)
        if store.liveCount <= manyStreams {
            return unsafe receiveAtOnce(records, size, window, ahead)
        }
        unsafe Tracker.findAll(records, size, window, ahead, batch, store)
        var place = 0
        var held = 0
        while true {
            place = unsafe Tracker.passFound(
                records, place, size, UnsafeRawPointer(base), batch.passing, store.hotBase,
                openInterval)
            guard place < size else { break }
            unsafe take(records, place, window, &held)
            place = place &+ 1
        }
        unsafe takeHeld(records, window, &held)
    }

    /// Takes one batch in one pass: up to `manyStreams` a packet waits for little.
    private mutating func receiveAtOnce(
        _ records: UnsafePointer<CapturedRecord>, _ size: Int, _ window: UnsafeRawBufferPointer,
        _ ahead: Int
    ) {
        guard let base = window.baseAddress else { return }
        var place = 0
        var held = 0
        while true {
            let lane = unsafe PlainLane(
                base, window.count, ahead, store.view, seed, openInterval)
            place = unsafe lane.passUntagged(records, place, size)
            guard place < size else { break }
            let record = unsafe records + place
            let passing = unsafe batch.passing + place
            if let headers = unsafe PassingHeaders(record, base, window.count) {
                if headers.network != PassingHeaders.untagged {
                    let next = unsafe lane.passTagged(records, place, size)
                    if next > place {
                        place = next
                        continue
                    }
                }
                let candidate = store.candidate(headers.hash(seed, link: headers.link))
                unsafe passing.pointee.candidate = Int32(truncatingIfNeeded: candidate)
                unsafe passing.pointee.network = Int32(truncatingIfNeeded: headers.network)
            } else {
                unsafe Tracker.readInFull(
                    record, window, seed, into: batch.arrivals + place, passing)
                unsafe passing.pointee.candidate = -1
            }
            unsafe take(records, place, window, &held)
            place = place &+ 1
        }
        unsafe takeHeld(records, window, &held)
    }

    /// Takes a record that is not plain: at once, or, where a stream's memory is most likely to be
    /// waited for, later in the batch.
    ///
    /// What is held comes in order, before anything else that is not plain; only plain packets of
    /// other streams, with which it has nothing to do, overtake it. Those of its own stream are
    /// no longer plain until it was taken.
    @inline(__always)
    private mutating func take(
        _ records: UnsafePointer<CapturedRecord>, _ place: Int, _ window: UnsafeRawBufferPointer,
        _ held: inout Int
    ) {
        let passing = unsafe batch.passing + place
        let candidate = unsafe Int(passing.pointee.candidate)
        if candidate >= 0, store.liveCount > fewStreams, unsafe passing.pointee.isUnread,
            unsafe openInterval.holds(records[place].arrival.nanoseconds)
        {
            store.prefetchFrame(candidate)
            unsafe store.hot(candidate).pointee.lookAgain()
            unsafe batch.held[held] = Int32(truncatingIfNeeded: place)
            held = held &+ 1
        } else {
            unsafe takeHeld(records, window, &held)
            unsafe receiveWithCare(records + place, place, window)
        }
    }

    /// Takes the records that are held.
    @inline(__always)
    private mutating func takeHeld(
        _ records: UnsafePointer<CapturedRecord>, _ window: UnsafeRawBufferPointer,
        _ held: inout Int
    ) {
        for index in 0..<held {
            let place = unsafe Int(batch.held[index])
            unsafe receiveWithCare(records + place, place, window)
        }
        held = 0
    }

    /// The interval in progress, for plain packets.
    @inline(__always)
    private var openInterval: OpenInterval {
        OpenInterval(
            start: intervalStart, length: UInt64(bitPattern: intervalEnd &- intervalStart))
    }

    /// Asks for what lies `ahead` of a record: as much as its headers take with the next one's.
    @inline(__always)
    static func prefetch(_ frame: UnsafeRawPointer, _ ahead: Int) {
        unsafe kuzet_prefetch_near(frame, ahead)
        unsafe kuzet_prefetch_near(frame, ahead &+ 64)
    }

    /// Whether a packet at `instant` closes the interval in progress.
    @inline(__always)
    private func isOutsideInterval(_ instant: Int64) -> Bool {
        // Both bounds at once: what lies below the floor is far above as an unsigned number.
        UInt64(bitPattern: instant &- intervalFloor)
            >= UInt64(bitPattern: intervalEnd &- intervalFloor)
    }

    /// Takes a record about which something is new.
    @inline(never)
    private mutating func receiveWithCare(
        _ record: UnsafePointer<CapturedRecord>, _ place: Int, _ window: UnsafeRawBufferPointer
    ) {
        guard let start = window.baseAddress else { return }
        let instant = unsafe record.pointee.arrival.nanoseconds
        if isOutsideInterval(instant) { closeInterval(before: instant) }
        let base = unsafe start.assumingMemoryBound(to: UInt8.self)
        let passing = unsafe batch.passing + place
        let arrival = unsafe batch.arrivals + place
        if unsafe passing.pointee.isUnread {
            let headers = unsafe PassingHeaders(record, passing, start)
            let room = unsafe record.pointee.originalLength &- headers.network
            if headers.isPlain(room) {
                unsafe headers.write(record, seed, into: arrival)
            } else {
                unsafe Tracker.readInFull(record, window, seed, into: arrival, passing)
            }
        }
        if unsafe passing.pointee.network != PassingRecord.other,
            let index = unsafe find(arrival, Int(passing.pointee.candidate))
        {
            unsafe meter(index, arrival, base)
        } else {
            unsafe receiveGenerally(record.pointee, base, window.count)
        }
    }

    /// The stream of a packet, which most likely is `candidate`.
    @inline(__always)
    private func find(_ arrival: UnsafePointer<Arrival>, _ candidate: Int) -> Int? {
        if candidate >= 0, unsafe store.hot(candidate).pointee.has(arrival.pointee.key),
            // An interval may have closed since the candidate was found.
            unsafe !store.hot(candidate).pointee.flags.contains(.vacant)
        {
            return candidate
        }
        return unsafe store.find(arrival.pointee.key, hash: arrival.pointee.hash)
    }

    @inline(never)
    private mutating func receiveGenerally(
        _ record: CapturedRecord, _ base: UnsafePointer<UInt8>, _ count: Int
    ) {
        precondition(
            record.offset >= 0 && record.capturedLength >= 0
                && record.capturedLength <= count - record.offset,
            "a record outside its window")
        let frame = unsafe UnsafeBufferPointer(
            start: base + record.offset, count: record.capturedLength)
        faultCounts.packetNumber = record.frameNumber
        unsafe receiveGenerally(frame.span, record)
    }

    /// Reads the headers into `arrival` if they are of a usual kind, and notes in `passing`
    /// whether they are.
    @inline(never)
    static func readInFull(
        _ record: UnsafePointer<CapturedRecord>, _ window: UnsafeRawBufferPointer, _ seed: UInt64,
        into arrival: UnsafeMutablePointer<Arrival>, _ passing: UnsafeMutablePointer<PassingRecord>
    ) {
        unsafe read(record, window, seed, into: arrival)
        unsafe passing.pointee.network =
            arrival.pointee.kind == .rtp ? PassingRecord.inFull : PassingRecord.other
    }

    @inline(__always)
    private static func read(
        _ record: UnsafePointer<CapturedRecord>, _ window: UnsafeRawBufferPointer, _ seed: UInt64,
        into arrival: UnsafeMutablePointer<Arrival>
    ) {
        unsafe arrival.pointee.kind = .other
        let start = unsafe record.pointee.offset
        let captured = unsafe record.pointee.capturedLength
        guard unsafe record.pointee.linkNumber == LinkType.ethernetNumber, captured >= 54,
            start &+ captured <= window.count, let base = window.baseAddress
        else { return }
        let frame = unsafe base + start
        var offset = 14
        var link: UInt64 = 0
        var etherType = unsafe little16(frame, 12)
        if etherType != EtherType.ipv4 {
            while EtherType.isTag(etherType) {
                guard offset < 22, captured >= offset &+ 44 else { return }
                let identifier = UInt64(unsafe big16(frame, offset) & 0xfff)
                link = link &+ (offset == 14 ? identifier : identifier &<< 12) &+ StreamKey.oneTag
                etherType = unsafe little16(frame, offset &+ 2)
                offset = offset &+ 4
            }
        }
        unsafe arrival.pointee.key.link = link
        if etherType == EtherType.ipv4 {
            unsafe readIPv4(frame, offset, record, seed, into: arrival)
        } else if etherType == EtherType.ipv6 {
            unsafe readIPv6(frame, offset, record, seed, into: arrival)
        }
    }

    @inline(__always)
    private static func readIPv4(
        _ frame: UnsafeRawPointer, _ offset: Int, _ record: UnsafePointer<CapturedRecord>,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let first = unsafe little64(frame, offset)
        let second = unsafe little64(frame, offset &+ 8)
        // Version 4 and five words of header; neither more fragments nor an offset; UDP.
        guard first & 0xff3f_0000_0000_00ff == 0x45, second & 0xff00 == 0x1100 else { return }
        unsafe arrival.pointee.key.addresses = little64(frame, offset &+ 12)
        let dscp = UInt8(truncatingIfNeeded: first &>> 10) & 0x3f
        let ttl = UInt8(truncatingIfNeeded: second)
        let ipLength = Int(UInt16(truncatingIfNeeded: first &>> 16).byteSwapped)
        unsafe readUDP(
            frame, offset &+ 20, stated: ipLength &- 20, ipLength: ipLength, record, offset, dscp,
            ttl, seed, into: arrival)
    }

    @inline(never)
    private static func readIPv6(
        _ frame: UnsafeRawPointer, _ offset: Int, _ record: UnsafePointer<CapturedRecord>,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        // Version 6, and UDP at once.
        guard unsafe record.pointee.capturedLength >= offset &+ 60,
            unsafe frame[offset] &>> 4 == 6, unsafe frame[offset &+ 6] == 17
        else { return }
        unsafe arrival.pointee.key.link |= StreamKey.isV6
        unsafe arrival.pointee.key.addresses = little64(frame, offset &+ 8)
        unsafe arrival.pointee.key.rest.0 = little64(frame, offset &+ 16)
        unsafe arrival.pointee.key.rest.1 = little64(frame, offset &+ 24)
        unsafe arrival.pointee.key.rest.2 = little64(frame, offset &+ 32)
        let dscp = UInt8(truncatingIfNeeded: unsafe big16(frame, offset) &>> 6 & 0x3f)
        let ttl = unsafe frame[offset &+ 7]
        let stated = Int(unsafe big16(frame, offset &+ 4))
        unsafe readUDP(
            frame, offset &+ 40, stated: stated, ipLength: stated &+ 40, record, offset, dscp,
            ttl, seed, into: arrival)
    }

    /// Reads UDP and RTP at `offset`, of which at least 20 bytes were captured.
    @inline(__always)
    private static func readUDP(
        _ frame: UnsafeRawPointer, _ offset: Int, stated: Int, ipLength: Int,
        _ record: UnsafePointer<CapturedRecord>, _ ipOffset: Int, _ dscp: UInt8, _ ttl: UInt8,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let udpLength = Int(unsafe big16(frame, offset &+ 4))
        // Inconsistent lengths are for the general road to name, and packets that may have been
        // joined for it to look into.
        guard udpLength >= 20, udpLength <= stated, ipLength <= JoinedPackets.shortest,
            unsafe ipLength <= record.pointee.originalLength &- ipOffset
        else { return }
        let rtp = unsafe big64(frame, offset &+ 8)
        let first = UInt8(truncatingIfNeeded: rtp &>> 56)
        let second = UInt8(truncatingIfNeeded: rtp &>> 48)
        // Version 2 without padding, and not RTCP (RFC 5761 section 4). Padding is checked on the
        // general road; cameras hardly ever pad.
        guard first & 0xe0 == 0x80, second &- 192 > 31 else { return }
        let captured = unsafe record.pointee.capturedLength
        var header = offset &+ 20
        if first != 0x80 {
            header = header &+ Int(first & 0x0f) &* 4
            if first & 0x10 != 0 {
                guard captured >= header &+ 4 else { return }
                header = header &+ 4 &+ Int(unsafe big16(frame, header &+ 2)) &* 4
            }
        }
        let payloadLength = udpLength &- (header &- offset)
        guard payloadLength >= 0 else { return }
        unsafe arrival.pointee.key.ends =
            UInt64(little32(frame, offset)) | UInt64(little32(frame, offset &+ 16)) &<< 32
        unsafe arrival.pointee.sequenceNumber = UInt16(truncatingIfNeeded: rtp &>> 32)
        unsafe arrival.pointee.timestamp = UInt32(truncatingIfNeeded: rtp)
        unsafe arrival.pointee.signature = Signature(
            payloadType: second & 0x7f, dscp: dscp, ttl: ttl)
        unsafe arrival.pointee.marker = second & 0x80 != 0
        unsafe arrival.pointee.ipLength = UInt32(truncatingIfNeeded: ipLength)
        unsafe arrival.pointee.payloadLength = Int32(truncatingIfNeeded: payloadLength)
        unsafe arrival.pointee.payloadCaptured = Int32(
            truncatingIfNeeded: max(0, min(captured &- header, payloadLength)))
        unsafe arrival.pointee.payloadStart = record.pointee.offset &+ header
        unsafe arrival.pointee.instant = record.pointee.arrival.nanoseconds
        unsafe arrival.pointee.hash = arrival.pointee.key.hash(seed: seed)
        unsafe arrival.pointee.kind = .rtp
    }
}

/// Room for what is known of the records of one batch, kept from batch to batch.
@safe struct PassingBatch: ~Copyable {
    let passing: UnsafeMutablePointer<PassingRecord>
    let arrivals: UnsafeMutablePointer<Arrival>
    /// Places of records that are to be taken once their streams' memory has arrived.
    let held: UnsafeMutablePointer<Int32>

    init() {
        unsafe held = .allocate(capacity: Tracker.batchSize)
        unsafe held.initialize(repeating: 0, count: Tracker.batchSize)
        unsafe passing = .allocate(capacity: Tracker.batchSize)
        unsafe passing.initialize(repeating: PassingRecord.none, count: Tracker.batchSize)
        unsafe arrivals = .allocate(capacity: Tracker.batchSize)
        unsafe arrivals.initialize(repeating: Arrival.none, count: Tracker.batchSize)
    }

    deinit {
        unsafe passing.deallocate()
        unsafe arrivals.deallocate()
        unsafe held.deallocate()
    }
}
