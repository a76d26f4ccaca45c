// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing
import Timekeeping

private func read(_ text: String) throws(ParseFault) -> SessionDescription {
    try SessionDescription(parsing: text.octets.span)
}

private func fault(of text: String) -> ParseFault? {
    do throws(ParseFault) {
        _ = try read(text)
        return nil
    } catch {
        return error
    }
}

private let start = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=cam\r\nt=0 0\r\n"

/// The session descriptions of a transcript.
private func descriptions(_ name: String) throws -> [SessionDescription] {
    try read([.run(try fixture(name))]).seen.compactMap {
        guard case .message(let message) = $0, !message.body.isEmpty else { return nil }
        return try SessionDescription(parsing: message.body.span)
    }
}

@Suite struct SessionDescriptionTests {
    @Test func `descriptions of real servers are read without warning`() throws {
        let gst = try #require(try descriptions("gst_h265_audio_server.txt").first)
        #expect(gst.warnings.isEmpty)
        #expect(gst.media.map(\.kind) == [.video, .audio])
        let video = gst.media[0]
        #expect(video.formats[0].codec == "h265")
        #expect(video.formats[0].clockRate == .video)
        #expect(video.formats[0].parameterSets.count == 3)
        #expect(video.framesPer1000Seconds == 25_000)
        #expect(video.bandwidth == 403)
        #expect(video.control == "stream=0")
        #expect(video.ssrcs == [1_848_001_965])
        #expect(video.connection?.isUnspecified == true)
        #expect(gst.media[1].formats[0].codec == "pcma")
        #expect(gst.isEncrypted(video) == false)
        let vlc = try #require(try descriptions("vlc_server.txt").first)
        #expect(vlc.media[0].direction == .recvonly)
        #expect(vlc.media[0].formats[0].packetizationMode == 1)
        #expect(vlc.media[0].formats[0].profileLevel == 0x64001F)
        #expect(vlc.media[0].formats[0].parameterSets.map(\.first) == [0x67, 0x68])
        let group = try #require(try descriptions("gst_mcast6_server.txt").first)
        #expect(group.media[0].connection?.isMulticast == true)
        #expect(group.media[0].connection?.isIPv6 == true)
        let dss = try #require(try descriptions("trex_dss_server.txt").first)
        #expect(dss.media.map(\.formats.first?.codec) == ["x-qdm", "x-sv3v-es"])
        #expect(dss.media[0].formats[0].channels == 2)
    }

    @Test func `attributes of cameras are read`() throws {
        let description = try read(
            start + "c=IN IP4 239.1.2.3/15/2\r\na=source-filter: incl IN IP4 * 10.0.0.1\r\n"
                + "m=video 5000/2 RTP/SAVP 96 26\r\na=rtpmap:96 MP4V-ES/90000\r\n"
                + "a=fmtp:96 profile-level-id=1;config=000001B001\r\na=framerate:29.97\r\n"
                + "a=framesize:96 1920-1080\r\na=rtcp:5005 IN IP4 10.0.0.1\r\na=rtcp-mux\r\n"
                + "a=sendonly\r\na=cliprect:0,0,720,1280\r\n"
                + "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n"
                + "a=fingerprint:sha-256 00\r\na=x-dimensions:640,480\r\n"
                + "m=video 0 udp 33\r\n")
        #expect(description.warnings.isEmpty)
        let video = description.media[0]
        #expect(
            video.connection == ConnectionAddress(address: "239.1.2.3", timeToLive: 15, count: 2))
        #expect(video.sources == ["10.0.0.1"])
        #expect(video.portCount == 2)
        #expect(video.isEncrypted)
        #expect(video.formats.map(\.codec) == ["mpeg4", "mjpeg"])
        #expect(video.formats[0].parameterSets == [[0, 0, 1, 0xB0, 1]])
        #expect(video.framesPer1000Seconds == 29_970)
        #expect(video.dimensions == .init(width: 1920, height: 1080))
        #expect(video.controlPort == 5005)
        #expect(video.sharesControlPort)
        #expect(video.direction == .sendonly)
        #expect(description.media[1].isEncrypted)
        #expect(description.media[1].dimensions == .init(width: 640, height: 480))
        #expect(description.media[1].formats[0].codec == "vnd.onvif.metadata")
        #expect(!description.media[2].isRTP)
    }

    @Test func `row 24 what is too large is refused with its place`() {
        #expect(fault(of: start + String(repeating: "a=x\r\n", count: 20_000))?.kind == .overLimit)
        let media = String(repeating: "m=video 0 RTP/AVP 96\r\n", count: 65)
        let many = fault(of: start + media)
        #expect(many?.kind == .overLimit)
        #expect(many?.field == "m=")
        #expect(many?.offset == start.utf8.count + 64 * 22)
        let line = fault(of: start + "a=" + String(repeating: "x", count: 4095) + "\r\n")
        #expect(line?.field == "line")
        #expect(line?.offset == start.utf8.count)
        #expect(line?.needed == 4096)
    }

    @Test func `row 25 a description without media is read and has no video`() throws {
        let description = try read(start)
        #expect(description.media.isEmpty)
        #expect(description.video.isEmpty)
    }

    @Test func `row 25 two video tracks are both listed`() throws {
        let description = try read(
            start + "m=video 0 RTP/AVP 96\r\na=control:1\r\nm=video 0 RTP/AVP 97\r\na=control:2\r\n"
        )
        #expect(description.video.map(\.control) == ["1", "2"])
    }

    @Test(arguments: [
        ("0", 0, 1), ("-1", -1, 1), ("99999999999", 99_999_999_999, 1_000_000_000), ("", -1, 1),
    ])
    func `row 26 a clock rate that cannot be leaves the stream without one`(
        _ rate: String, _ had: Int, _ needed: Int
    ) throws {
        let description = try read(start + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/\(rate)\r\n")
        let format = description.media[0].formats[0]
        #expect(format.codec == "h264")
        #expect(format.clockRate == nil)
        let warning = try #require(description.warnings.first)
        #expect(warning.line == 6)
        #expect(warning.fault.field == "a=rtpmap: clock rate")
        #expect(warning.fault.had == had)
        #expect(warning.fault.needed == needed)
    }

    @Test func `row 27 payload types beyond 127 and repeated maps are warned of`() throws {
        let description = try read(
            start
                + "m=video 0 RTP/AVP 96 200\r\na=rtpmap:96 H264/90000\r\na=rtpmap:96 H265/90000\r\n"
                + "a=rtpmap:200 H264/90000\r\n")
        #expect(description.media[0].formats.map(\.payloadType) == [96])
        #expect(description.media[0].formats[0].codec == "h264")
        #expect(
            description.warnings.map(\.fault.field) == [
                "m= payload type", "a=rtpmap: repeated", "a=rtpmap: payload type",
            ])
        #expect(description.warnings.map(\.fault.had) == [200, 2, 200])
    }

    @Test func `row 27 odd line ends and text are put up with and coded`() throws {
        let lines = ["v=0", "s=a", "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", ""]
        let bare = try read(lines.joined(separator: "\n"))
        #expect(bare.media[0].formats[0].codec == "h264")
        #expect(bare.warnings.map(\.fault.field) == ["line end: LF alone"])
        let old = try read(lines.joined(separator: "\r"))
        #expect(old.media[0].formats[0].codec == "h264")
        #expect(old.warnings.map(\.fault.field) == ["line end: CR alone"])
        let odd =
            "v=0\r\ns=a\0b\r\ni=".octets + [0xFF, 0xFE] + "\r\nm=video 0 RTP/AVP 96\r\n".octets
        let read = try SessionDescription(parsing: odd.span)
        #expect(read.warnings.map(\.fault.field) == ["NUL", "text: not UTF-8"])
        #expect(read.warnings.map(\.line) == [2, 3])
        #expect(read.media.count == 1)
    }

    @Test func `row 28 parameter sets that cannot be read are ignored with a warning`() throws {
        let description = try read(
            start + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                + "a=fmtp:96 sprop-parameter-sets=Z2Q!,aO+8sA==;packetization-mode=1\r\n")
        let format = description.media[0].formats[0]
        #expect(format.parameterSets == [[0x68, 0xEF, 0xBC, 0xB0]])
        #expect(format.packetizationMode == 1)
        #expect(description.warnings.map(\.fault.field) == ["a=fmtp: sprop parameter sets"])
    }

    @Test func `row 28 a megabyte of parameter sets is refused by the limits`() {
        let huge = String(repeating: "A", count: 1 << 20)
        let text = start + "m=video 0 RTP/AVP 96\r\na=fmtp:96 sprop-parameter-sets=\(huge)\r\n"
        #expect(fault(of: text)?.kind == .overLimit)
        #expect(Base64.decode(huge.utf8, limit: 4096) == nil)
    }

    @Test func `what begins like no description is refused`() {
        for text in ["", "\r\n", "<html>", "v=1\r\n", "v=0x\r\n", "o=- 1 1 IN IP4 a\r\n"] {
            #expect(fault(of: text) != nil, "\(text)")
        }
    }

    @Test(arguments: ["/", "//", "/2", "-", "65536", ""])
    func `a medium whose port is no number is listed with a warning`(_ port: String) throws {
        let text = "v=0\r\nm=video \(port) RTP/AVP 96\r\na=control:t\r\n"
        let description = try SessionDescription(parsing: Array(text.utf8).span)
        #expect(description.media.count == 1)
        #expect(description.media[0].port == (port == "/2" ? 2 : 0))
        #expect(description.warningCount == (port == "/2" ? 0 : 1))
    }

    @Test func `a description written is read again`() throws {
        let first = try #require(try descriptions("gst_h265_audio_server.txt").first)
        let second = try SessionDescription(parsing: first.serialised().span)
        #expect(second.media.map(\.formats) == first.media.map(\.formats))
        #expect(second.media.map(\.control) == first.media.map(\.control))
        #expect(second.media[0].framesPer1000Seconds == 25_000)
        #expect(second.warnings.isEmpty)
    }

    @Test func `every truncation and no mutation traps`() throws {
        var random = Seeded(state: 21)
        for name in ["gst_h265_audio_server.txt", "vlc_server.txt", "trex_dss_server.txt"] {
            let octets = try #require(try descriptions(name).first).serialised()
            for count in 0...octets.count {
                _ = try? SessionDescription(parsing: octets.span.extracting(0..<count))
            }
            for _ in 0..<1000 {
                _ = try? SessionDescription(parsing: mutated(octets, &random).span)
            }
        }
    }
}
