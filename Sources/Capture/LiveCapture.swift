// SPDX-License-Identifier: Apache-2.0

import CPcap
import Glibc
public import Packets

/// Packets of a network interface as they come, a batch at a time.
///
/// Meant for one thread of its own, which also makes it: `read` waits. The kernel gathers packets
/// in a ring; while the caller is slow the ring fills, and what then does not fit is lost and
/// counted in `drops`. Ethernet interfaces are read from the kernel's ring in place (`PacketRing`); all
/// others, and those where the kernel refuses that, by libpcap.
@safe public struct LiveCapture: ~Copyable {
    /// How to capture.
    public struct Options: Hashable, Sendable {
        /// How many bytes of each packet to keep: 262,144 keeps all.
        ///
        /// RTP and RTCP need the first 96 or so; RTSP, SDP and MPEG-TS need whole packets.
        public var snapLength = CapturedRecord.longest
        /// How large the kernel's ring is, in bytes: 32 MiB hold 300 ms at 800 Mbit/s.
        ///
        /// Chosen.
        public var ringBytes = 32 * 1024 * 1024
        /// How long the kernel may gather packets before it hands them over, in milliseconds.
        ///
        /// The arrival times are not touched by it.
        public var gatherMilliseconds: Int32 = 100
        /// Whether to take in packets for others too, as a mirror port needs.
        public var isPromiscuous = true
        /// Which packets to keep, in the language of libpcap; nil keeps all.
        public var filter: String?

        /// Makes the options that suit a mirror port.
        public init() {}
    }

    /// Packets lost before they came here, since the start.
    public struct Drops: Hashable, Sendable {
        /// Lost because the ring was full: the caller was too slow.
        public var kernel: UInt64 = 0
        /// Lost in the network adapter or its driver.
        public var interface: UInt64 = 0
    }

    /// The interface.
    public let interface: String
    /// What its frames begin with.
    public var linkType: LinkType { sink.linkType }
    /// Whether arrival times have nanoseconds; otherwise microseconds.
    public var hasNanoseconds: Bool { sink.fractionUnit == 1 }
    /// Packets given so far.
    public var frames: UInt64 { ring?.frames ?? sink.frames }

    /// Nil where the ring is read in place.
    private let handle: OpaquePointer?
    private let descriptor: Int32
    private let ring: PacketRing?
    private var sink: PacketSink
    private var lostBefore = (kernel: UInt32(0), interface: UInt32(0))
    private var lost = Drops()
    private var interfaceDropsBefore = UInt64(0)

    /// Begins to capture.
    ///
    /// - Throws: `LiveCaptureError`.
    public init(interface: String, options: Options = Options()) throws(LiveCaptureError) {
        let existing = LiveCapture.interfaces()
        guard existing.contains(interface) else {
            throw LiveCaptureError(
                interface: interface, problem: .noSuchInterface(existing: existing))
        }
        let ring = try LiveCapture.ring(interface, options)
        let handle = unsafe try ring == nil ? LiveCapture.open(interface, options) : nil
        var linkType = LinkType.ethernet
        var fractionUnit: Int64 = 1
        if let handle = unsafe handle {
            let isNano = unsafe pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO
            fractionUnit = isNano ? 1 : 1_000
            linkType = unsafe LinkType(number: UInt16(clamping: pcap_datalink(handle)))
        }
        self.interface = interface
        self.ring = ring
        unsafe self.handle = handle
        if let ring {
            descriptor = ring.descriptor
        } else {
            unsafe descriptor = pcap_get_selectable_fd(handle)
        }
        sink = PacketSink(linkType: linkType, fractionUnit: fractionUnit)
        interfaceDropsBefore = InterfaceStatistics.drops(of: interface)
    }

    deinit {
        if let handle = unsafe handle { unsafe pcap_close(handle) }
    }

    /// The names of the interfaces that there are, those that may be captured first.
    public static func interfaces() -> [String] {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        var first: UnsafeMutablePointer<pcap_if_t>?
        guard unsafe pcap_findalldevs(&first, &message) == 0 else { return [] }
        defer { unsafe pcap_freealldevs(first) }
        var names: [String] = []
        var next = unsafe first
        while let device = unsafe next {
            let name = unsafe String(cString: device.pointee.name)
            // libpcap lists buses and netlink groups too.
            if unsafe name == "any" || if_nametoindex(name) != 0 { names.append(name) }
            unsafe next = device.pointee.next
        }
        return names
    }

    /// Gives the next packets to `batch`: at most `CaptureReader.batchLimit`.
    ///
    /// The first argument is a window of bytes, the second the frames, whose `bytes` are
    /// places in that window. Both are valid during the call only.
    ///
    /// - Parameter timeoutMilliseconds: How long to wait for the first packet.
    /// - Returns: False if none came in that time; `batch` was not called then.
    /// - Throws: `LiveCaptureError` of problem `down`, after which reading may go on, or another
    ///   one, after which it may not; or what `batch` throws.
    public mutating func read(
        timeoutMilliseconds: Int32,
        _ batch: (_ window: Span<UInt8>, _ frames: Span<CapturedRecord>) throws -> Void
    ) throws -> Bool {
        try gather()
        if isEmpty {
            // A packet may not come for hours; libpcap's own waiting then never ends.
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&request, 1, timeoutMilliseconds)
            if ready > 0 { try gather() }
            // Only an interface that went down makes it ready with nothing there.
            if ready > 0, isEmpty { ring?.clearError() }
        }
        guard !isEmpty else {
            try checkInterface()
            return false
        }
        if let ring {
            let bytes = unsafe ring.bytes
            try batch(unsafe Span(_unsafeElements: bytes), ring.records.span)
        } else {
            let bytes = unsafe sink.bytes
            try batch(unsafe Span(_unsafeElements: bytes), sink.records.span)
        }
        return true
    }

    private var isEmpty: Bool { ring?.records.isEmpty ?? sink.records.isEmpty }

    /// Takes what the ring holds, up to a batch, without waiting.
    private mutating func gather() throws(LiveCaptureError) {
        guard let handle = unsafe handle else {
            ring?.gather()
            return
        }
        sink.clear()
        let result = unsafe withUnsafeMutablePointer(to: &sink) { sink in
            unsafe withUnsafeTemporaryAllocation(of: Delivery.self, capacity: 1) { context in
                unsafe context.initializeElement(
                    at: 0, to: Delivery(handle: handle, sink: sink))
                return unsafe pcap_dispatch(
                    handle, Int32(CaptureReader.batchLimit), deliver,
                    UnsafeMutableRawPointer(context.baseAddress)?
                        .assumingMemoryBound(to: UInt8.self))
            }
        }
        // A break is ours: the batch was full.
        guard result >= 0 || result == PCAP_ERROR_BREAK else {
            try checkInterface()
            throw LiveCaptureError(
                interface: interface, problem: .other(unsafe String(cString: pcap_geterr(handle))))
        }
    }

    /// Packets lost before they came here, since the start.
    ///
    /// Costs some system calls: for once an interval, not once a batch.
    ///
    /// - Throws: `LiveCaptureError`.
    public mutating func drops() throws(LiveCaptureError) -> Drops {
        guard let handle = unsafe handle else {
            lost.kernel += ring?.takeDrops() ?? 0
            let now = InterfaceStatistics.drops(of: interface)
            // Some drivers begin anew when the interface goes up again.
            lost.interface += now &- min(now, interfaceDropsBefore)
            interfaceDropsBefore = now
            return lost
        }
        var statistics = pcap_stat()
        guard unsafe pcap_stats(handle, &statistics) == 0 else {
            throw LiveCaptureError(
                interface: interface, problem: .other(unsafe String(cString: pcap_geterr(handle))))
        }
        // 32 bits that wrap, counted from the start of the capture.
        lost.kernel += UInt64(statistics.ps_drop &- lostBefore.kernel)
        lost.interface += UInt64(statistics.ps_ifdrop &- lostBefore.interface)
        lostBefore = (statistics.ps_drop, statistics.ps_ifdrop)
        return lost
    }

    /// Throws if the interface is down or gone, which libpcap takes for silence.
    private func checkInterface() throws(LiveCaptureError) {
        guard interface != "any" else { return }
        guard unsafe if_nametoindex(interface) != 0 else {
            throw LiveCaptureError(interface: interface, problem: .gone)
        }
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return }
        defer { unsafe freeifaddrs(first) }
        var next = unsafe first
        while let address = unsafe next {
            if unsafe strcmp(address.pointee.ifa_name, interface) == 0 {
                guard unsafe address.pointee.ifa_flags & UInt32(IFF_UP) != 0 else {
                    throw LiveCaptureError(interface: interface, problem: .down)
                }
                return
            }
            unsafe next = address.pointee.ifa_next
        }
    }

    // MARK: - Beginning

    /// The kernel's ring of the interface; nil if it is not Ethernet or the kernel refuses.
    private static func ring(
        _ interface: String, _ options: Options
    ) throws(LiveCaptureError) -> PacketRing? {
        // libpcap knows what the interface is, compiles the filter and names what is wrong with
        // either. Closed before the ring is made: there need not be two.
        let handle = unsafe try open(interface, options)
        let filter = unsafe PacketRing.filter(handle, options)
        unsafe pcap_close(handle)
        return filter.flatMap { PacketRing(interface, options, $0) }
    }

    private static func open(
        _ interface: String, _ options: Options
    ) throws(LiveCaptureError) -> OpaquePointer {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_create(interface, &message) else {
            throw LiveCaptureError(
                interface: interface, problem: .other(text(ofMessage: message)))
        }
        do throws(LiveCaptureError) {
            unsafe try activate(handle, interface, options)
        } catch {
            unsafe pcap_close(handle)
            throw error
        }
        return unsafe handle
    }

    private static func activate(
        _ handle: OpaquePointer, _ interface: String, _ options: Options
    ) throws(LiveCaptureError) {
        unsafe pcap_set_snaplen(
            handle, Int32(clamping: min(max(1, options.snapLength), CapturedRecord.longest)))
        unsafe pcap_set_buffer_size(handle, Int32(clamping: max(65_536, options.ringBytes)))
        unsafe pcap_set_timeout(handle, max(1, options.gatherMilliseconds))
        unsafe pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
        // One packet at a time is what costs; see `gatherMilliseconds`.
        unsafe pcap_set_immediate_mode(handle, 0)
        // Refused where there are only microseconds, which is then asked for.
        unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let result = unsafe pcap_activate(handle)
        guard result >= 0 else {
            throw LiveCaptureError(
                interface: interface, problem: unsafe problem(result, handle))
        }
        if let filter = options.filter {
            unsafe try setFilter(filter, handle, interface)
        }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard unsafe pcap_setnonblock(handle, 1, &message) == 0 else {
            throw LiveCaptureError(
                interface: interface, problem: .other(text(ofMessage: message)))
        }
    }

    private static func problem(
        _ result: Int32, _ handle: OpaquePointer
    ) -> LiveCaptureError.Problem {
        switch result {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: .notPermitted
        case PCAP_ERROR_NO_SUCH_DEVICE: .noSuchInterface(existing: interfaces())
        case PCAP_ERROR_IFACE_NOT_UP: .down
        case PCAP_ERROR: .other(unsafe String(cString: pcap_geterr(handle)))
        default: .other(unsafe String(cString: pcap_statustostr(result)))
        }
    }

    private static func setFilter(
        _ filter: String, _ handle: OpaquePointer, _ interface: String
    ) throws(LiveCaptureError) {
        var program = unsafe bpf_program()
        let isCompiled =
            unsafe pcap_compile(handle, &program, filter, 1, bpf_u_int32.max) == 0
        defer { if isCompiled { unsafe pcap_freecode(&program) } }
        guard isCompiled, unsafe pcap_setfilter(handle, &program) == 0 else {
            throw LiveCaptureError(
                interface: interface,
                problem: .filter(filter, message: unsafe String(cString: pcap_geterr(handle))))
        }
    }
}

/// What libpcap's callback is given: where to, and whom to stop when that is full.
@unsafe private struct Delivery {
    var handle: OpaquePointer
    var sink: UnsafeMutablePointer<PacketSink>
}

private func deliver(
    _ context: UnsafeMutablePointer<UInt8>?, _ header: UnsafePointer<pcap_pkthdr>?,
    _ bytes: UnsafePointer<UInt8>?
) {
    guard let context = unsafe context, let header = unsafe header, let bytes = unsafe bytes
    else { return }
    let delivery = unsafe UnsafeMutableRawPointer(context).assumingMemoryBound(to: Delivery.self)
    unsafe delivery.pointee.sink.pointee.add(header.pointee, bytes)
    if unsafe delivery.pointee.sink.pointee.isFull {
        unsafe pcap_breakloop(delivery.pointee.handle)
    }
}
