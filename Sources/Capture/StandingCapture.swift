// SPDX-License-Identifier: Apache-2.0

import CPcap
import Glibc
public import Packets

/// Packets of an interface for as long as a node runs, whatever becomes of the interface.
///
/// What needs CAP_NET_RAW is done once, when it is made; the interface need not be there then. One
/// that goes down, loses its link, is renamed or taken away and comes back is found again by
/// `look`, without any privilege. Meant for one thread of its own.
@safe public struct StandingCapture: ~Copyable {
    /// How things stand with the interface.
    public enum State: Hashable, Sendable {
        /// It is captured.
        case watching
        /// It is captured under another name than the one in the settings.
        case renamed(String)
        /// It is there, and was taken down.
        case down
        /// It is up, and nothing is connected to it.
        case noCarrier
        /// There is no interface of this name.
        case missing
        /// It is there and cannot be captured, in the kernel's words.
        case refused(String)

        /// Whether packets would be seen if there were any.
        public var isWatching: Bool {
            switch self {
            case .watching, .renamed: true
            case .down, .noCarrier, .missing, .refused: false
            }
        }
    }

    /// The interface, as the settings name it.
    public let interface: String
    /// Packets given so far.
    public var frames: UInt64 { ring.frames }
    /// Packets lost in the kernel's ring or the adapter, as far as `takeDrops` has asked.
    public private(set) var drops: UInt64 = 0

    private let ring: PacketRing
    /// The index of the interface that the ring is bound to; 0 while to none.
    private var index: UInt32 = 0
    private var adapterDrops = UInt64(0)
    /// Set when the kernel told that the interface went down, if only for a moment.
    private var wentDown = false

    /// Makes the ring.
    ///
    /// - Throws: `LiveCaptureError` where the process may not capture or the filter is wrong.
    public init(
        interface: String, options: LiveCapture.Options = LiveCapture.Options()
    ) throws(LiveCaptureError) {
        self.interface = interface
        let length = Int32(clamping: min(max(1, options.snapLength), CapturedRecord.longest))
        guard let handle = unsafe pcap_open_dead(DLT_EN10MB, length) else {
            throw LiveCaptureError(interface: interface, problem: .other("out of memory"))
        }
        defer { unsafe pcap_close(handle) }
        guard let filter = unsafe PacketRing.compiled(options.filter ?? "", by: handle) else {
            throw LiveCaptureError(
                interface: interface,
                problem: .filter(
                    options.filter ?? "", message: unsafe String(cString: pcap_geterr(handle))))
        }
        guard let ring = PacketRing(options, filter: filter) else {
            let number = errno
            throw LiveCaptureError(
                interface: interface,
                problem: number == EPERM || number == EACCES
                    ? .notPermitted : .other(unsafe String(cString: strerror(number))))
        }
        self.ring = ring
    }

    /// Looks at the interface and captures from it again if it can be; for once a second or so.
    ///
    /// - Returns: how it stands, and whether packets may have passed unseen since the last call.
    public mutating func look() -> (state: State, isBroken: Bool) {
        defer { wentDown = false }
        let named = unsafe if_nametoindex(interface)
        if named == 0 {
            guard index != 0, let other = StandingCapture.name(of: index) else {
                index = 0
                return (.missing, true)
            }
            let state = StandingCapture.link(of: other)
            return (state == .watching ? .renamed(other) : state, wentDown || state != .watching)
        }
        var isBroken = wentDown
        if named != index {
            isBroken = true
            guard let linkType = StandingCapture.linkType(of: interface) else {
                index = 0
                return (.refused("neither Ethernet nor plain IP"), true)
            }
            guard
                ring.attach(
                    to: named, isLoopback: PacketRing.isLoopback(interface), linkType: linkType)
            else {
                index = 0
                let reason = unsafe String(cString: strerror(errno))
                return (errno == ENETDOWN ? .down : .refused(reason), true)
            }
            index = named
            adapterDrops = InterfaceStatistics.drops(of: interface)
        }
        let state = StandingCapture.link(of: interface)
        return (state, isBroken || state != .watching)
    }

    /// Gives the next packets to `batch`: at most `CaptureReader.batchLimit`.
    ///
    /// The first argument is a window of bytes, the second the frames, whose `bytes` are
    /// places in that window. Both are valid during the call only.
    ///
    /// - Parameter timeoutMilliseconds: How long to wait for the first packet.
    /// - Returns: False if none came in that time; `batch` was not called then.
    public mutating func read(
        timeoutMilliseconds: Int32,
        _ batch: (_ window: Span<UInt8>, _ frames: Span<CapturedRecord>) -> Void
    ) -> Bool {
        let ring = ring
        ring.gather()
        if ring.records.isEmpty {
            var request = pollfd(fd: ring.descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&request, 1, timeoutMilliseconds)
            if ready > 0 {
                ring.gather()
                if Int32(request.revents) & Int32(POLLERR) != 0 {
                    wentDown = true
                    ring.clearError()
                }
            }
        }
        guard !ring.records.isEmpty else { return false }
        let bytes = unsafe ring.bytes
        batch(unsafe Span(_unsafeElements: bytes), ring.records.span)
        return true
    }

    /// Packets lost in the kernel's ring and in the adapter since this was last asked.
    ///
    /// Costs some system calls: for once a second.
    public mutating func takeDrops() -> UInt64 {
        var lost = ring.takeDrops() ?? 0
        let adapter = InterfaceStatistics.drops(of: interface)
        // Some drivers begin anew when the interface goes up again.
        lost += adapter &- min(adapter, adapterDrops)
        adapterDrops = adapter
        drops += lost
        return lost
    }

    private static func name(of index: UInt32) -> String? {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard unsafe if_indextoname(index, &name) != nil else { return nil }
        return text(ofMessage: name)
    }

    /// Whether it is up and connected.
    private static func link(of interface: String) -> State {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return .missing }
        defer { unsafe freeifaddrs(first) }
        var next = unsafe first
        while let address = unsafe next {
            if unsafe strcmp(address.pointee.ifa_name, interface) == 0 {
                let flags = unsafe address.pointee.ifa_flags
                if flags & UInt32(IFF_UP) == 0 { return .down }
                return flags & UInt32(IFF_RUNNING) == 0 ? .noCarrier : .watching
            }
            unsafe next = address.pointee.ifa_next
        }
        return .missing
    }

    /// What its frames begin with, by the kernel's number of its kind (`if_arp.h`).
    private static func linkType(of interface: String) -> LinkType? {
        let path = "/sys/class/net/\(interface)/type"
        guard let file = unsafe fopen(path, "re") else { return .ethernet }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard unsafe fgets(&line, 32, file) != nil else { return .ethernet }
        switch unsafe atoi(line) {
        case 1, 772: return .ethernet
        // PPP and tunnels without a header of their own show the IP packet itself.
        case 512, 519, 65_534: return .rawIP
        default: return nil
        }
    }
}
