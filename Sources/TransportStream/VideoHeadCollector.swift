// SPDX-License-Identifier: Apache-2.0
import Octets

/// Collects the first octets of one frame, and then no more until asked.
struct VideoHeadCollector: Hashable, Sendable {
    /// Octets kept: parameter sets stand first and take a few hundred.
    ///
    /// Bounds a PES packet that never ends, too.
    static let limit = 4096

    private enum Stage: Hashable, Sendable { case seeking, collecting, whole, taken }

    private var bytes: [UInt8] = []
    private var stage = Stage.seeking

    /// A frame begins with `payload`.
    mutating func begin(_ payload: Span<UInt8>) {
        guard stage == .seeking else { return }
        stage = .collecting
        append(payload)
    }

    /// The frame goes on.
    mutating func append(_ payload: Span<UInt8>) {
        guard stage == .collecting else { return }
        for index in 0..<min(payload.count, Self.limit - bytes.count) {
            bytes.append(payload[index])
        }
        if bytes.count >= Self.limit { stage = .whole }
    }

    /// The frame ended.
    mutating func finish() {
        if stage == .collecting { stage = .whole }
    }

    /// Packets of the frame are missing: what came before the hole stays.
    mutating func interrupt() { finish() }

    mutating func take(isLast: Bool) -> [UInt8]? {
        guard stage == .whole || isLast && stage == .collecting else { return nil }
        stage = .taken
        defer { bytes = [] }
        return bytes
    }

    mutating func seek() {
        bytes = []
        stage = .seeking
    }
}
