// SPDX-License-Identifier: Apache-2.0
import Packets
import Timekeeping
import TransportStream

extension FuzzBodies {
    /// An MPEG transport stream, in datagrams or as a stream of octets.
    ///
    /// The input is a choice, three octets of seed, and the stream or a row of datagrams.
    public static func transportStream(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let choice = input.octet()
        let seed = UInt64(input.octet()) << 16 | UInt64(input.number16())
        if choice & 1 == 0 {
            let octets = input.rest()
            let whole = octetStream([octets])
            let parts = octetStream(cut(octets, seed: seed))
            try BrokenProperty.unless(parts == whole, "cut: \(parts), whole: \(whole)")
            return
        }
        var meter = TransportStreamMeter()
        var now = Instant(nanoseconds: 1_700_000_000_000_000_000)
        while !input.isAtEnd {
            let choice = input.octet()
            if choice & 1 != 0 { now = now.advanced(byNanoseconds: input.step()) }
            let datagram = input.take(min(Int(choice >> 3) * 188, 1_316) + Int(choice & 6))
            meter.receive(datagram.span, at: now, isCut: choice & 0xf8 == 0x48)
            if choice & 0xf8 == 0x50 { meter.interrupt() }
            if meter.takeVideoHead() != nil { meter.seekVideoHead() }
            _ = meter.pcrJitterNanoseconds
        }
        _ = meter.takeVideoHead(isLast: true)
    }

    private static func octetStream(_ runs: [[UInt8]]) -> SeenStream {
        var meter = TransportStreamMeter(framing: .byteStream)
        var seen = SeenStream()
        let arrival = Instant(nanoseconds: 1_700_000_000_000_000_000)
        for run in runs {
            meter.receive(run.span, at: arrival) { seen.frames.append($0) }
        }
        seen.packets = meter.packets
        seen.problems = [
            meter.markedDamaged, meter.malformedPackets, meter.scrambledPackets,
            meter.rejectedSections, meter.ignoredTableEntries, meter.malformedPES,
            meter.continuityErrors, meter.untrackedPackets, meter.syncLosses,
        ]
        seen.codec = meter.videoCodec
        seen.head = meter.takeVideoHead(isLast: true)
        return seen
    }

    private struct SeenStream: Hashable {
        var frames: [TransportStreamMeter.Frame] = []
        var packets: UInt64 = 0
        var problems: [UInt64] = []
        var codec: String?
        var head: [UInt8]?
    }

    /// A capture in pcap or pcapng format, read in windows of any size.
    ///
    /// The input is a choice, three octets of seed, and the capture.
    public static func capture(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let salvage = input.octet() & 1 != 0
        let seed = UInt64(input.octet()) << 16 | UInt64(input.number16())
        let octets = input.rest()
        let whole = try read(octets, salvage: salvage, seed: nil)
        let parts = try read(octets, salvage: salvage, seed: seed)
        try BrokenProperty.unless(
            parts.records == whole.records,
            "cut: \(parts.records.count) records, whole: \(whole.records.count)")
        try BrokenProperty.unless(
            parts.fault == whole.fault,
            "cut: \(String(describing: parts.fault)), whole: \(String(describing: whole.fault))")
        try BrokenProperty.unless(
            parts.tally == whole.tally, "cut: \(parts.tally), whole: \(whole.tally)")
    }

    private struct SeenCapture {
        var records: [CapturedRecord] = []
        var tally = CaptureTally()
        var fault: CaptureFault?
    }

    /// Reads a capture; with a seed, in windows that grow by runs of any length.
    private static func read(
        _ octets: [UInt8], salvage: Bool, seed: UInt64?
    ) throws(BrokenProperty) -> SeenCapture {
        var reader = CaptureReader(salvage: salvage)
        var seen = SeenCapture()
        var random = seed.map { SplitMix64(seed: $0) }
        var batch: [CapturedRecord] = []
        var begin = 0
        var end = seed == nil ? octets.count : 0
        reading: while true {
            let window = octets.span.extracting(begin..<end)
            let limit = random.map { _ in 3 } ?? CaptureReader.batchLimit
            do {
                let consumed = try reader.read(
                    window, isLast: end == octets.count, into: &batch, limit: limit)
                try add(batch, from: window, at: begin, consumed: consumed, to: &seen)
                begin += consumed
                if consumed > 0 || !batch.isEmpty { continue }
            } catch let fault as CaptureFault {
                seen.fault = fault
                break reading
            } catch let broken as BrokenProperty {
                throw broken
            } catch {
                throw BrokenProperty("\(error)")
            }
            if end == octets.count { break }
            let longest = [1, 4, 40, 4_000][Int((random?.next() ?? 0) & 3)]
            end = min(octets.count, end + 1 + Int((random?.next() ?? 0) % UInt64(longest)))
        }
        seen.tally = reader.tally
        return seen
    }

    private static func add(
        _ batch: [CapturedRecord], from window: Span<UInt8>, at begin: Int, consumed: Int,
        to seen: inout SeenCapture
    ) throws(BrokenProperty) {
        try BrokenProperty.unless(
            (0...window.count).contains(consumed), "\(consumed) of \(window.count) consumed")
        for var record in batch {
            try BrokenProperty.unless(
                record.offset >= 0 && record.bytes.upperBound <= window.count,
                "record \(record.bytes) in a window of \(window.count)")
            try BrokenProperty.unless(
                record.capturedLength <= record.originalLength
                    && record.capturedLength <= CapturedRecord.longest,
                "\(record.capturedLength) octets of \(record.originalLength)")
            record.offset += begin
            seen.records.append(record)
        }
    }
}
