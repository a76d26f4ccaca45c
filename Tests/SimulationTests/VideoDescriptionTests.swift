// SPDX-License-Identifier: Apache-2.0
import RTSP
import Testing

@testable import Simulation

@Suite struct VideoDescriptionTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
    ])
    func `base 64 is that of RFC 4648`(plain: String, coded: String) {
        #expect(base64(Array(plain.utf8)) == coded)
    }

    @Test(arguments: [(25_000, "25"), (12_500, "12.5"), (29_970, "29.97"), (1, "0.001")])
    func `frame rates are written without needless zeros`(thousandths: Int, text: String) {
        #expect(decimal(thousandths: thousandths) == text)
    }

    @Test(arguments: VideoCodec.allCases)
    func `the codec is named with its clock`(codec: VideoCodec) throws {
        let format = try #require(
            VideoFormat(codec: codec, width: 64, height: 64, bitRate: 100_000))
        let text = VideoDescription(VideoLoop(format)).text(address: "192.0.2.1")
        #expect(text.contains("a=rtpmap:\(codec.payloadType) \(codec.encodingName)/90000\r\n"))
        #expect(text.hasPrefix("v=0\r\n"))
        #expect(text.hasSuffix("a=control:track1\r\n"))
    }
}
