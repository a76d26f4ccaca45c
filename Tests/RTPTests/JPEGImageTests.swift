// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct JPEGImageTests {
    static let frameHeader = octets("ffc00011080168028003012200021100031100")
    static let start = octets("ffd8ffe000104a46494600010200000100010000")
    static let scan = octets("ffda000c03010002110311003f00")
    static let image = start + frameHeader + scan + [1, 2, 3]

    static func comment(_ text: [UInt8]) -> [UInt8] {
        [0xff, 0xfe, 0, UInt8(text.count + 2)] + text
    }

    @Test func `an image tells its size`() throws {
        let image = try JPEGImage(Self.image.span)
        #expect(image.format == PictureFormat(width: 640, height: 360))
        #expect(image.reachesScan)
        #expect(image.isKeyFrame)
        #expect(!image.hasMobotixHeader)
    }

    @Test func `frames of MxPEG are told by their comments`() throws {
        let header = Array("MXF".utf8) + [0, 0x4b, 1, 2, 3]
        let first = try JPEGImage(
            (Self.start + Self.comment(Array("#:M1IMG".utf8)) + Self.comment(header)
                + Self.frameHeader + Self.scan).span)
        #expect(first.isMxPEG)
        #expect(first.isKeyFrame)
        let later = try JPEGImage(
            (Self.start + Self.comment(header) + Self.comment(Array("MXM".utf8) + [0, 1, 2])
                + Self.scan).span)
        #expect(later.isMxPEG)
        #expect(later.hasOnlyChanges)
        #expect(!later.isKeyFrame)
        #expect(later.format == nil)
        let plain = try JPEGImage(
            (Self.start + Self.comment(Array("MXF".utf8) + [0, 0x0b, 1, 2, 3]) + Self.frameHeader)
                .span)
        #expect(plain.hasMobotixHeader)
        #expect(!plain.isMxPEG)
    }

    @Test func `an extension tells sizes above 2040`() throws {
        let content = octets("ffc00011080600080003012200021101031101 00")
        let image = try JPEGImage(extensionContent: content.span)
        #expect(image.format == PictureFormat(width: 2048, height: 1536))
    }

    @Test func `what is no image or has no size is refused`() {
        #expect(throws: ParseFault.self) { try JPEGImage(octets("ffd9").span) }
        #expect(throws: ParseFault.self) { try JPEGImage(octets("ffd800ff").span) }
        #expect(throws: ParseFault.self) { try JPEGImage(octets("ffd8ffe00001").span) }
        var flat = Self.image
        flat[Self.start.count + 5] = 0
        flat[Self.start.count + 6] = 0
        #expect(throws: ParseFault.self) { try JPEGImage(flat.span) }
        let endless = octets("ffd8") + Array(repeating: Self.comment([]), count: 300).joined()
        #expect(throws: ParseFault.self) { try JPEGImage(endless.span) }
    }

    @Test func `every truncation either tells the size or nothing`() throws {
        for length in 2..<Self.image.count {
            let image = try JPEGImage(Array(Self.image.prefix(length)).span)
            #expect(image.format == nil || image.format?.width == 640)
        }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<3000 {
            let bytes = random.mutation(of: Self.image)
            _ = try? JPEGImage(bytes.span)
            _ = try? JPEGImage(extensionContent: bytes.span)
        }
    }
}
