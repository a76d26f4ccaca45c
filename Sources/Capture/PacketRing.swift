// SPDX-License-Identifier: Apache-2.0

import CPcap
import Glibc
import Packets
import Timekeeping

/// The kernel's ring of packets of an Ethernet interface (packet(7), TPACKET_V3), read in place.
///
/// The kernel fills blocks and hands each over when it is full or has waited long enough; it goes
/// back when all its packets were read. Why not by libpcap, which sets up the same ring: it calls
/// back for each packet and gives a block back before the caller can know that the packet was its
/// last, so a batch must be copied. Measured at 1,442 octets a packet, that copy was 40 % of all
/// time spent.
///
/// ```
/// block  | head 48 | packet | packet | ...                            | 512 KiB
/// packet | tpacket3_hdr 48 | sockaddr_ll 20 | gap, 4 for a tag | frame |
/// ```
@safe final class PacketRing {
    /// Holds the longest frame with its heads.
    private static let blockBytes = 2 * CapturedRecord.longest
    /// What the kernel divides a block by in its arithmetic; packets lie as close as they fit.
    private static let frameBytes = 2048
    /// Where the sender's address lies behind the head of a packet: TPACKET_ALIGN of its size.
    private static let addressOffset = 48
    /// Both Ethernet addresses, which stand before a VLAN tag.
    private static let addressesBytes = 12
    private static let tagBytes = 4

    let descriptor: Int32
    private(set) var records: [CapturedRecord] = []
    /// Packets so far.
    private(set) var frames: UInt64 = 0

    private let memory: UnsafeMutableRawPointer
    private let blockCount: Int
    /// A packet of the loopback interface comes twice: leaving and arriving.
    private var skipsLeaving = false
    private var linkType = LinkType.ethernet
    private let isPromiscuous: Bool

    private var block = 0
    private var isHeld = false
    /// Packets of the block held that were not given yet, and where the next one's head is.
    private var left = 0
    private var next = 0

    /// Makes a ring of no interface, which is the part that needs CAP_NET_RAW; nil where the
    /// kernel refuses any part of it.
    init?(_ options: LiveCapture.Options, filter: [sock_filter]) {
        let socket = Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        let count = max(2, options.ringBytes / PacketRing.blockBytes)
        let length = count * PacketRing.blockBytes
        guard PacketRing.prepare(socket, blocks: count, options, filter),
            let memory = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, socket, 0),
            unsafe memory != MAP_FAILED
        else {
            close(socket)
            return nil
        }
        descriptor = socket
        unsafe self.memory = memory
        blockCount = count
        isPromiscuous = options.isPromiscuous
        records.reserveCapacity(CaptureReader.batchLimit)
    }

    deinit {
        unsafe munmap(memory, blockCount * PacketRing.blockBytes)
        close(descriptor)
    }

    /// Captures from the interface with this index from now on; whether the kernel agreed.
    ///
    /// Needs no privilege, so that an interface that was taken away and came back, which has
    /// another index then, can be captured again.
    func attach(to index: UInt32, isLoopback: Bool, linkType: LinkType = .ethernet) -> Bool {
        guard PacketRing.begin(descriptor, index, isPromiscuous: isPromiscuous) else {
            return false
        }
        skipsLeaving = isLoopback
        self.linkType = linkType
        return true
    }

    /// The block in which the records lie; valid until the next `gather`.
    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(
            start: (memory + block * PacketRing.blockBytes).assumingMemoryBound(to: UInt8.self),
            count: PacketRing.blockBytes)
    }

    /// Takes what the kernel has handed over, up to a batch, without waiting.
    func gather() {
        records.removeAll(keepingCapacity: true)
        // Blocks may hold nothing that is wanted; one turn of the ring is enough.
        for _ in 0..<blockCount {
            if isHeld, left == 0 { giveBack() }
            guard isHeld || take() else { return }
            while left > 0, records.count < CaptureReader.batchLimit { readPacket() }
            if !records.isEmpty { return }
        }
    }

    private func take() -> Bool {
        let head = unsafe blockHead
        let status = unsafe kuzet_load_acquiring(&head.pointee.hdr.bh1.block_status)
        guard status & UInt32(TP_STATUS_USER) != 0 else { return false }
        isHeld = true
        left = unsafe Int(head.pointee.hdr.bh1.num_pkts)
        next = unsafe Int(head.pointee.hdr.bh1.offset_to_first_pkt)
        return true
    }

    private func giveBack() {
        unsafe kuzet_store_releasing(&blockHead.pointee.hdr.bh1.block_status, 0)
        isHeld = false
        block = block + 1 == blockCount ? 0 : block + 1
    }

    private var blockHead: UnsafeMutablePointer<tpacket_block_desc> {
        unsafe (memory + block * PacketRing.blockBytes)
            .assumingMemoryBound(to: tpacket_block_desc.self)
    }

    private func readPacket() {
        let start = unsafe memory + block * PacketRing.blockBytes
        let place = next
        left -= 1
        guard place >= 0, place <= PacketRing.blockBytes - PacketRing.addressOffset - 20 else {
            left = 0
            return
        }
        let head = unsafe (start + place).assumingMemoryBound(to: tpacket3_hdr.self)
        next = unsafe place + Int(head.pointee.tp_next_offset)
        unsafe fetchAhead(start + next, step: next - place)
        var offset = unsafe place + Int(head.pointee.tp_mac)
        var captured = unsafe Int(head.pointee.tp_snaplen)
        var original = unsafe Int(head.pointee.tp_len)
        guard captured <= PacketRing.blockBytes - offset else {
            left = 0
            return
        }
        if skipsLeaving {
            let address = unsafe (start + place + PacketRing.addressOffset)
                .assumingMemoryBound(to: sockaddr_ll.self)
            if unsafe address.pointee.sll_pkttype == UInt8(PACKET_OUTGOING) { return }
        }
        let status = unsafe head.pointee.tp_status
        if status & UInt32(TP_STATUS_VLAN_VALID) != 0, captured >= PacketRing.addressesBytes {
            let isNamed = status & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
            let type = unsafe isNamed ? head.pointee.hv1.tp_vlan_tpid : 0x8100
            unsafe putTag(
                type, UInt16(truncatingIfNeeded: head.pointee.hv1.tp_vlan_tci), at: start + offset)
            offset -= PacketRing.tagBytes
            captured += PacketRing.tagBytes
            original += PacketRing.tagBytes
        }
        frames += 1
        let seconds = unsafe Int64(head.pointee.tp_sec) * 1_000_000_000
        records.append(
            CapturedRecord(
                offset: offset, capturedLength: captured, originalLength: max(original, captured),
                arrival: Instant(nanoseconds: unsafe seconds + Int64(head.pointee.tp_nsec)),
                frameNumber: frames, linkType: linkType))
    }

    /// Fetches the headers of the next packet, and the head of one farther on, which lies there if
    /// those between are as long as this one: mostly so, and else nothing is lost.
    ///
    /// Another core wrote them; without this each is waited for in turn.
    @inline(__always)
    private func fetchAhead(_ following: UnsafeMutableRawPointer, step: Int) {
        unsafe kuzet_prefetch_to_read(following + 64)
        unsafe kuzet_prefetch_to_read(following + 128)
        unsafe kuzet_prefetch_to_read(following + 3 * step)
    }

    /// Puts the tag back that the kernel took out of the frame; the gap before it has room.
    private func putTag(_ type: UInt16, _ control: UInt16, at frame: UnsafeMutableRawPointer) {
        let front = unsafe frame - PacketRing.tagBytes
        unsafe memmove(front, frame, PacketRing.addressesBytes)
        let tag = unsafe front + PacketRing.addressesBytes
        unsafe tag.storeBytes(of: type.bigEndian, as: UInt16.self)
        unsafe tag.storeBytes(of: control.bigEndian, toByteOffset: 2, as: UInt16.self)
    }

    /// Packets that did not fit into the ring since this was last asked.
    func takeDrops() -> UInt64? {
        var statistics = tpacket_stats_v3()
        var length = socklen_t(MemoryLayout<tpacket_stats_v3>.size)
        let result = unsafe getsockopt(
            descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &length)
        return result == 0 ? UInt64(statistics.tp_drops) : nil
    }

    /// Forgets that the interface went down, so that waiting waits again.
    func clearError() {
        var error = Int32(0)
        var length = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
    }

    // MARK: - Beginning

    private static func prepare(
        _ socket: Int32, blocks: Int, _ options: LiveCapture.Options, _ filter: [sock_filter]
    ) -> Bool {
        var ring = tpacket_req3()
        ring.tp_block_size = UInt32(blockBytes)
        ring.tp_block_nr = UInt32(clamping: blocks)
        ring.tp_frame_size = UInt32(frameBytes)
        ring.tp_frame_nr = UInt32(clamping: blocks * (blockBytes / frameBytes))
        ring.tp_retire_blk_tov = UInt32(clamping: max(1, options.gatherMilliseconds))
        guard set(socket, SOL_PACKET, PACKET_VERSION, Int32(TPACKET_V3.rawValue)),
            set(socket, SOL_PACKET, PACKET_RESERVE, Int32(tagBytes)),
            set(socket, SOL_PACKET, PACKET_RX_RING, ring)
        else { return false }
        var filter = filter
        return unsafe filter.withUnsafeMutableBufferPointer { filter in
            let program = unsafe sock_fprog(
                len: UInt16(clamping: filter.count), filter: filter.baseAddress)
            return unsafe set(socket, SOL_SOCKET, SO_ATTACH_FILTER, program)
        }
    }

    private static func begin(_ socket: Int32, _ index: UInt32, isPromiscuous: Bool) -> Bool {
        var wish = packet_mreq()
        wish.mr_ifindex = Int32(bitPattern: index)
        wish.mr_type = UInt16(PACKET_MR_PROMISC)
        if isPromiscuous, !set(socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, wish) { return false }
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_ifindex = Int32(bitPattern: index)
        // Every protocol (ETH_P_ALL); nothing is captured before this is said.
        address.sll_protocol = UInt16(3).bigEndian
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_ll>.size)) == 0
            }
        }
    }

    private static func set<Value>(
        _ socket: Int32, _ level: Int32, _ option: Int32, _ value: Value
    ) -> Bool {
        unsafe withUnsafePointer(to: value) {
            unsafe setsockopt(
                socket, level, option, $0, socklen_t(MemoryLayout<Value>.size)) == 0
        }
    }
}

extension PacketRing {
    /// Begins to capture; nil where the kernel refuses any part of it.
    convenience init?(
        _ interface: String, _ options: LiveCapture.Options, _ filter: [sock_filter]
    ) {
        let index = unsafe if_nametoindex(interface)
        guard index != 0 else { return nil }
        self.init(options, filter: filter)
        guard attach(to: index, isLoopback: PacketRing.isLoopback(interface)) else { return nil }
    }

    /// The kernel's form of the filter for an activated handle of libpcap, which keeps so much of
    /// a packet as the handle does; nil if its interface is not Ethernet.
    static func filter(
        _ handle: OpaquePointer, _ options: LiveCapture.Options
    ) -> [sock_filter]? {
        guard unsafe pcap_datalink(handle) == DLT_EN10MB else { return nil }
        return unsafe compiled(options.filter ?? "", by: handle)
    }

    /// The kernel's form of a filter in the language of libpcap; nil where it is wrong.
    static func compiled(_ filter: String, by handle: OpaquePointer) -> [sock_filter]? {
        var program = unsafe bpf_program()
        guard
            unsafe pcap_compile(
                handle, &program, filter, 1, bpf_u_int32.max) == 0
        else { return nil }
        defer { unsafe pcap_freecode(&program) }
        return unsafe UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len))
            .map { sock_filter(code: $0.code, jt: $0.jt, jf: $0.jf, k: $0.k) }
    }

    static func isLoopback(_ interface: String) -> Bool {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return false }
        defer { unsafe freeifaddrs(first) }
        var next = unsafe first
        while let address = unsafe next {
            if unsafe strcmp(address.pointee.ifa_name, interface) == 0 {
                return unsafe address.pointee.ifa_flags & UInt32(IFF_LOOPBACK) != 0
            }
            unsafe next = address.pointee.ifa_next
        }
        return false
    }
}
