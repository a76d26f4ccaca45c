// SPDX-License-Identifier: Apache-2.0

import Octets
import Timekeeping

/// The pieces of one datagram that have come so far.
struct PartialDatagram {
    /// A piece's place in the whole.
    struct Piece {
        /// Where it begins in the payload of the whole.
        var offset: Int
        /// How long it was on the wire.
        var length: Int
        /// Whether nothing follows it.
        var isLast: Bool
        /// Where its captured bytes lie among those held.
        var held = 0..<0

        var end: Int { offset + length }

        /// Nil if no datagram can have such a piece.
        init?(_ packet: NetworkPacket, _ fragment: NetworkPacket.Fragment) {
            offset = fragment.offset
            length = packet.payloadLength
            isLast = !fragment.more
            guard length > 0, offset + length <= 65_535, isLast || length % 8 == 0
            else { return nil }
        }
    }

    /// What became of a piece.
    enum Addition {
        case added
        case complete
        case duplicate
        case overlap
        case invalid
    }

    /// What the bookkeeping of a datagram and of a piece takes in memory, about.
    private static let overhead = 512
    private static let pieceOverhead = 48

    let firstArrival: Instant
    /// In the order of their offsets, without overlap.
    private var pieces: [Piece] = []
    private var bytes: [UInt8] = []
    private var total: Int?
    private var received = 0
    private var ipLength = 0
    private var first: NetworkPacket?

    init(firstArrival: Instant) {
        self.firstArrival = firstArrival
    }

    var isEmpty: Bool { pieces.isEmpty }

    /// How much memory this takes, in bytes, about; arrays may hold twice what they need.
    var memory: Int {
        PartialDatagram.overhead + pieces.count * PartialDatagram.pieceOverhead + bytes.capacity
    }

    mutating func add(
        _ piece: Piece, of packet: NetworkPacket, _ payload: Span<UInt8>
    ) -> Addition {
        let index = place(of: piece.offset)
        if index < pieces.count, pieces[index].offset == piece.offset,
            pieces[index].length == piece.length, pieces[index].isLast == piece.isLast
        {
            return .duplicate
        }
        if index > 0, pieces[index - 1].end > piece.offset { return .overlap }
        if index < pieces.count, pieces[index].offset < piece.end { return .overlap }
        // Beyond the end, or another end.
        if let total, piece.end > total || piece.isLast { return .overlap }
        if piece.isLast, index < pieces.count { return .overlap }
        guard pieces.count < FragmentReassembler.pieceLimit else { return .invalid }
        var piece = piece
        piece.held = bytes.count..<bytes.count + payload.count
        for position in payload.indices { bytes.append(payload[position]) }
        pieces.insert(piece, at: index)
        received += piece.length
        ipLength += packet.ipLength
        if piece.isLast { total = piece.end }
        if piece.offset == 0 { first = packet }
        return received == total ? .complete : .added
    }

    /// The index of the first piece that begins at `offset` or after it.
    private func place(of offset: Int) -> Int {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The whole; nil if the headers that it begins with are broken.
    func assembled() -> FragmentReassembler.Datagram? {
        guard var packet = first, let total else { return nil }
        var whole: [UInt8] = []
        whole.reserveCapacity(total)
        for piece in pieces {
            whole += bytes[piece.held]
            if piece.held.count < piece.length { break }
        }
        // An IPv6 packet may have been taken apart before its last extension headers.
        var payloadStart = 0
        if !packet.source.isV4 {
            guard
                let headers = try? IPv6ExtensionHeaders(
                    in: whole.span, from: 0, to: total, first: packet.ipProtocol.rawValue),
                headers.fragment == nil
            else { return nil }
            packet.ipProtocol = headers.ipProtocol
            payloadStart = headers.end
        }
        packet.fragment = nil
        packet.ipLength = ipLength
        packet.payload = payloadStart..<whole.count
        packet.payloadLength = total - payloadStart
        return FragmentReassembler.Datagram(
            bytes: whole, packet: packet, firstArrival: firstArrival, pieces: pieces.count)
    }
}
