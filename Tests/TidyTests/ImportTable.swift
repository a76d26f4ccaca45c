// SPDX-License-Identifier: Apache-2.0

/// Who may import whom: the table of `docs/architecture.md` as data.
///
/// A room absent from the checkout is no fault; a folder in `Sources` without a row here is one.
enum ImportTable {
    struct Room: Sendable {
        let name: String
        let mayImport: Set<String>
        /// Pure rooms know no clock, socket, file, logger or environment.
        let isPure: Bool
    }

    static let rooms: [Room] = [
        pure("Timekeeping"),
        pure("Octets"),
        pure("Packets", "Octets", "Timekeeping"),
        pure("RTP", "Octets", "Timekeeping"),
        pure("RTSP", "Octets", "Timekeeping"),
        pure("TransportStream", "Octets", "Timekeeping"),
        pure("Measurements", "Timekeeping"),
        pure("Registry", "Timekeeping"),
        pure("Agreements", "Measurements", "Registry", "Timekeeping"),
        pure(
            "Streams", "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements",
            "Timekeeping", "CPrefetch"),
        // One instruction that Swift has no word for, and memory that is promised to be zero.
        pure("CPrefetch"),
        pure(
            "Simulation", "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements",
            "Registry", "Timekeeping"),
        pure("Reports", "Agreements", "Measurements", "Registry", "Timekeeping"),
        edge("Settings", "Registry", "Timekeeping", "Yams"),
        edge("Capture", "Octets", "Packets", "Timekeeping", "CMapping", "CPcap", "CZlib"),
        edge(
            "Checks", "Octets", "Packets", "RTSP", "Streams", "Measurements", "Registry",
            "Timekeeping", "CCurl", "CSockets"),
        edge(
            "Ledger", "Agreements", "Measurements", "Registry", "Timekeeping", "CZstd", "CDigest",
            "GRDB"),
        edge(
            "kuzet", "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements",
            "Agreements", "Ledger", "Registry", "Reports", "Settings", "Streams", "Timekeeping",
            "Capture", "Checks", "Simulation", "CMapping", "CDigest", "CProcess", "ArgumentParser",
            "Crypto",
            "Logging"),
        edge("CMapping"), edge("CProcess"), edge("CPcap"), edge("CZlib"), edge("CZstd"),
        edge("CDigest"), edge("CCurl"), edge("CSockets"),
    ]

    /// What comes with the system; edges and tests may use it, pure rooms may not.
    static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization",
    ]

    static func room(_ name: String) -> Room? { rooms.first { $0.name == name } }

    private static func pure(_ name: String, _ imports: String...) -> Room {
        Room(name: name, mayImport: Set(imports), isPure: true)
    }

    private static func edge(_ name: String, _ imports: String...) -> Room {
        Room(name: name, mayImport: Set(imports), isPure: false)
    }
}
