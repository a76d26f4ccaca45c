// SPDX-License-Identifier: Apache-2.0

import CPcap
import Glibc
import Packets
import Timekeeping

/// Gathers the packets that libpcap hands out one by one into a batch.
///
/// Why copy: libpcap calls back for each packet, and what it points to is valid in that call
/// only; a batch keeps the callers' loops tight and is the same for files and interfaces.
@safe struct PacketSink: ~Copyable {
    /// How many bytes a batch holds before it is closed; see `ByteWindow.step`.
    private static let roomy = 512 * 1024

    private let storage: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private var used = 0
    private(set) var records: [CapturedRecord] = []
    /// Packets so far.
    private(set) var frames: UInt64 = 0

    let linkType: LinkType
    /// How many nanoseconds one step of a packet's fraction of a second lasts.
    let fractionUnit: Int64

    init(linkType: LinkType, fractionUnit: Int64) {
        self.linkType = linkType
        self.fractionUnit = fractionUnit
        capacity = PacketSink.roomy + CapturedRecord.longest
        unsafe storage = .allocate(capacity: capacity)
        records.reserveCapacity(CaptureReader.batchLimit)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The bytes of the batch; valid until the next change.
    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: storage, count: used)
    }

    /// Whether no further packet should be added.
    var isFull: Bool {
        used >= PacketSink.roomy || records.count >= CaptureReader.batchLimit
    }

    /// Begins the next batch.
    mutating func clear() {
        used = 0
        records.removeAll(keepingCapacity: true)
    }

    /// Copies one packet in; the caller has seen that the batch is not full.
    mutating func add(_ header: pcap_pkthdr, _ bytes: UnsafePointer<UInt8>) {
        let captured = min(Int(header.caplen), CapturedRecord.longest)
        frames += 1
        unsafe memcpy(storage + used, bytes, captured)
        let seconds = Int64(header.ts.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let arrival = Instant(nanoseconds: seconds.overflow ? .max : seconds.partialValue)
        records.append(
            CapturedRecord(
                offset: used, capturedLength: captured,
                originalLength: max(Int(header.len), captured),
                arrival: arrival.advanced(
                    byNanoseconds: Int64(header.ts.tv_usec) &* fractionUnit),
                frameNumber: frames, linkType: linkType))
        used += captured
    }
}
