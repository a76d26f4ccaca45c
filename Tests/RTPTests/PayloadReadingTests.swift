// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct PayloadReadingTests {
    @Test func `formats are found by their name in the session's description`() {
        #expect(PayloadFormat(encodingName: "H264") == .h264)
        #expect(PayloadFormat(encodingName: "h265") == .h265)
        #expect(PayloadFormat(encodingName: "MP4V-ES") == .mpeg4)
        #expect(PayloadFormat(encodingName: "JPEG") == .jpeg)
        #expect(PayloadFormat(encodingName: "opus") == nil)
    }

    @Test func `a payload is read by its format`() {
        let slice = H264PayloadTests.slice
        #expect(PayloadFormat.h264.read(slice.span, statedLength: 5).isKeyFrame)
        #expect(!PayloadFormat.transportStream.read(slice.span, statedLength: 5).isKeyFrame)
    }
}
