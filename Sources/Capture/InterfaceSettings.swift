// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What an interface does with packets before they can be captured, as the kernel tells it.
public struct InterfaceSettings: Hashable, Sendable {
    /// The interface.
    public var name: String
    /// Whether the kernel joins received packets of one flow (generic receive offload).
    public var hasGenericReceiveOffload = false
    /// Whether the adapter does (large receive offload).
    public var hasLargeReceiveOffload = false
    /// The longest IP packet that it sends and takes (MTU); nil where nobody tells.
    public var longestPacket: Int?

    /// Makes the settings of an interface that leaves packets as they are.
    public init(name: String) {
        self.name = name
    }

    /// Asks the kernel; what it does not tell stays as if it were off.
    ///
    /// Loopback joins nothing, whatever it is set to: its packets take no such road.
    public init(of interface: String) {
        self.init(name: interface)
        let asking = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard asking >= 0 else { return }
        defer { close(asking) }
        var request = unsafe ifreq()
        let longestName = Int(IF_NAMESIZE) - 1
        guard !interface.utf8.isEmpty, interface.utf8.count <= longestName else { return }
        unsafe withUnsafeMutableBytes(of: &request.ifr_ifrn) { room in
            for (place, letter) in interface.utf8.enumerated() { unsafe room[place] = letter }
        }
        if unsafe ioctl(asking, UInt(SIOCGIFMTU), &request) == 0 {
            longestPacket = unsafe Int(request.ifr_ifru.ifru_mtu)
        }
        guard unsafe ioctl(asking, UInt(SIOCGIFFLAGS), &request) == 0,
            unsafe request.ifr_ifru.ifru_flags & Int16(IFF_LOOPBACK) == 0
        else { return }
        let offload = unsafe InterfaceSettings.ask(asking, &request, EthernetTool.offload)
        hasGenericReceiveOffload = (offload ?? 0) != 0
        let flags = unsafe InterfaceSettings.ask(asking, &request, EthernetTool.flags)
        hasLargeReceiveOffload = (flags ?? 0) & EthernetTool.largeReceiveOffload != 0
    }

    /// The remark for who captures there, with the command that mends it; nil if there is no need.
    public var warning: String? {
        var names: [String] = []
        if hasGenericReceiveOffload { names.append("GRO") }
        if hasLargeReceiveOffload { names.append("LRO") }
        guard !names.isEmpty else { return nil }
        let settings = names.map { $0.lowercased() + " off" }.joined(separator: " ")
        return "\(name): \(names.joined(separator: " and ")) may join packets before they are"
            + " captured, which makes counts of packets and jitter unknown;"
            + " ethtool -K \(name) \(settings) keeps them apart"
    }

    /// What `linux/ethtool.h` names; its types do not come through to Swift.
    private enum EthernetTool {
        /// SIOCETHTOOL.
        static let request: UInt = 0x8946
        /// ETHTOOL_GGRO.
        static let offload: UInt32 = 0x2b
        /// ETHTOOL_GFLAGS.
        static let flags: UInt32 = 0x25
        /// ETH_FLAG_LRO.
        static let largeReceiveOffload: UInt32 = 1 << 15
    }

    /// Asks for one value (`struct ethtool_value`: the command, then the answer).
    @unsafe private static func ask(
        _ socket: Int32, _ request: inout ifreq, _ command: UInt32
    ) -> UInt32? {
        var value = (command, UInt32(0))
        let result = unsafe withUnsafeMutablePointer(to: &value) { value in
            unsafe request.ifr_ifru.ifru_data = UnsafeMutableRawPointer(value)
                .assumingMemoryBound(to: CChar.self)
            return unsafe ioctl(socket, EthernetTool.request, &request)
        }
        return result == 0 ? value.1 : nil
    }
}
