// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct RTPHeaderTests {
    /// PT 96, marker, sequence number 0x1234, timestamp 0x01020304, SSRC 0xca1ccd8a, 3 octets.
    static let plain: [UInt8] = [
        0x80, 0xe0, 0x12, 0x34, 1, 2, 3, 4, 0xca, 0x1c, 0xcd, 0x8a, 7, 8, 9,
    ]

    static func fault(_ bytes: [UInt8], statedLength: Int? = nil) -> ParseFault? {
        do {
            _ = try RTPHeader(bytes.span, statedLength: statedLength ?? bytes.count)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the fields of a plain packet are read`() throws {
        let header = try RTPHeader(Self.plain.span, statedLength: 15)
        #expect(header.marker)
        #expect(header.payloadType == 96)
        #expect(header.sequenceNumber == 0x1234)
        #expect(header.timestamp == 0x0102_0304)
        #expect(header.ssrc == 0xca1c_cd8a)
        #expect(header.headerLength == 12)
        #expect(header.payload == 12..<15)
        #expect(header.payloadLength == 3)
        #expect(header.paddingLength == 0)
        #expect(header.extensionProfile == nil)
        #expect(header.isComplete)
        #expect(header.isPayloadWhole)
    }

    @Test(arguments: [0, 1, 3]) func `another version than 2 is not RTP`(version: UInt8) {
        var bytes = Self.plain
        bytes[0] = version << 6
        #expect(
            Self.fault(bytes)
                == ParseFault(.invalid, .rtp, "version", offset: 0, needed: 2, had: Int(version)))
    }

    @Test func `a packet of 11 octets is not RTP`() {
        #expect(
            Self.fault(Array(Self.plain.prefix(11)))
                == ParseFault(.truncated, .rtp, "fixed header", offset: 0, needed: 12, had: 11))
    }

    @Test func `fifteen contributing sources in 20 octets are refused`() {
        let bytes = [0x8f] + Self.plain.dropFirst() + [0, 0, 0, 0, 0]
        #expect(
            Self.fault(bytes)
                == ParseFault(
                    .truncated, .rtp, "contributing sources", offset: 12, needed: 60, had: 8))
    }

    @Test func `an extension that reaches past the end is refused`() {
        var bytes = [0x90] + Self.plain.dropFirst().prefix(11)
        bytes += [0xbe, 0xde, 0, 2, 1, 2, 3, 4]
        #expect(
            Self.fault(bytes)
                == ParseFault(.truncated, .rtp, "extension", offset: 16, needed: 8, had: 4))
        #expect(
            Self.fault(Array(bytes.prefix(14)))
                == ParseFault(.truncated, .rtp, "extension header", offset: 12, needed: 4, had: 2))
    }

    @Test func `extension and contributing sources lie before the payload`() throws {
        var bytes = [0x91] + Self.plain.dropFirst().prefix(11)
        bytes += [0, 0, 0, 9, 0xab, 0xac, 0, 1, 1, 2, 3, 4, 0x55]
        let header = try RTPHeader(bytes.span, statedLength: bytes.count)
        #expect(header.contributingSources == 1)
        #expect(header.extensionProfile == 0xabac)
        #expect(header.extensionContent == 20..<24)
        #expect(header.headerLength == 24)
        #expect(header.payload == 24..<25)
    }

    @Test func `padding is counted in the payload length and left out of the payload`() throws {
        let bytes = [0xa0] + Self.plain.dropFirst() + [0, 0, 3]
        let header = try RTPHeader(bytes.span, statedLength: bytes.count)
        #expect(header.payloadLength == 6)
        #expect(header.paddingLength == 3)
        #expect(header.payload == 12..<15)
        #expect(header.contentLength == 3)
    }

    @Test(arguments: [0, 4, 255]) func `padding of 0 or of more than the payload is refused`(
        padding: UInt8
    ) {
        var bytes = [0xa0] + Self.plain.dropFirst()
        bytes[14] = padding
        #expect(
            Self.fault(bytes)
                == ParseFault(
                    .invalid, .rtp, "padding length", offset: 14, needed: padding == 0 ? 1 : 3,
                    had: Int(padding)))
    }

    @Test func `a packet that the capture cut keeps its stated lengths`() throws {
        let bytes = [0xa0] + Self.plain.dropFirst()
        let header = try RTPHeader(bytes.span, statedLength: 1400)
        #expect(header.payloadLength == 1388)
        #expect(header.payload == 12..<15)
        #expect(header.paddingLength == nil)
        #expect(!header.isPayloadWhole)
    }

    @Test func `an extension that the capture cut leaves the header incomplete`() throws {
        let bytes = [0x90] + Self.plain.dropFirst().prefix(11)
        let header = try RTPHeader(bytes.span, statedLength: 1400)
        #expect(!header.isComplete)
        #expect(header.headerLength == 16)
        #expect(header.payload.isEmpty)
        #expect(header.sequenceNumber == 0x1234)
    }

    @Test func `octets behind the stated length are not looked at`() throws {
        let header = try RTPHeader((Self.plain + [0xff, 0xff]).span, statedLength: 15)
        #expect(header.payload == 12..<15)
        #expect(Self.fault(Self.plain, statedLength: -1)?.kind == .truncated)
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 12)
        for _ in 0..<5000 {
            let bytes = random.mutation(of: Self.plain + [UInt8](repeating: 3, count: 20))
            let stated = Int(random.next() % 80)
            guard let header = try? RTPHeader(bytes.span, statedLength: stated) else { continue }
            #expect(header.payload.upperBound <= bytes.count)
            #expect(header.extensionContent.upperBound <= bytes.count)
            #expect(header.payloadLength >= 0)
            #expect(header.contentLength >= header.payload.count)
        }
    }
}
