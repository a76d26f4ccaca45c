// SPDX-License-Identifier: Apache-2.0
import Packets
import Registry
import Testing

@testable import Checks
@testable import kuzet

/// Devices as a search finds them.
enum SampleDevice {
    static func profile(
        _ token: String, _ width: Int, _ height: Int, url: String?, source: String? = "v1"
    ) -> DeviceProfile {
        DeviceProfile(
            token: token, name: token + "-name", source: source, encoding: "H264", width: width,
            height: height, streamURL: url)
    }

    static func asked(
        _ profiles: [DeviceProfile] = [], at address: IPAddress = IPAddress(10, 0, 0, 11),
        services: [String] = ["http://10.0.0.11/onvif/device_service"], scopes: [String] = [],
        _ change: (inout DeviceFindings) -> Void = { _ in }
    ) -> AskedDevice {
        let device = DiscoveredDevice(
            address: address, endpointReference: "urn:uuid:\(address)", services: services,
            scopes: scopes)
        var findings = DeviceFindings()
        findings.maker = "ACME"
        findings.model = "M1"
        findings.profiles = profiles
        change(&findings)
        return AskedDevice(device: device, findings: findings)
    }

    static let main = profile("main", 1920, 1080, url: "rtsp://10.0.0.11:554/main")
    static let small = profile("small", 640, 360, url: "rtsp://10.0.0.11/small")
}

@Suite struct FoundCameraTests {
    @Test func `profiles of one source are one picture, in the order of the device`() {
        let other = SampleDevice.profile("other", 1, 1, url: nil, source: "v2")
        let device = SampleDevice.asked([SampleDevice.main, other, SampleDevice.small])
        #expect(device.pictures.map { $0.map(\.token) } == [["main", "small"], ["other"]])
        #expect(SampleDevice.asked().pictures == [[]])
    }

    @Test func `the row has the largest picture's stream and what the device is`() {
        let camera = FoundCamera(
            SampleDevice.asked(), [SampleDevice.small, SampleDevice.main], isOnly: true)
        #expect(camera.stream == "rtsp://10.0.0.11/main")
        #expect(camera.name == "10.0.0.11, ACME M1, 1920x1080 h264")
        #expect(camera.address == "10.0.0.11")
        #expect(!camera.isHeard)
    }

    @Test func `a port of its own is part of the address unless several cameras have it`() {
        let device = SampleDevice.asked(services: ["http://10.0.0.11:8080/onvif"])
        #expect(FoundCamera(device, [], isOnly: true).address == "10.0.0.11:8080")
        #expect(FoundCamera(device, [], isOnly: false).address == "10.0.0.11")
        let bare = SampleDevice.asked(services: [])
        #expect(FoundCamera(bare, [], isOnly: true).address == "10.0.0.11")
    }

    @Test func `of several pictures each has the profile's name`() {
        let camera = FoundCamera(SampleDevice.asked(), [SampleDevice.main], isOnly: false)
        #expect(camera.name == "10.0.0.11, ACME M1, main-name, 1920x1080 h264")
    }

    @Test func `before a device was asked its scopes say what it is`() {
        var device = SampleDevice.asked(
            scopes: [
                "onvif://www.onvif.org/location/x", "onvif://www.onvif.org/name/%D2%9Aala%20%",
                "onvif://www.onvif.org/hardware/DS-2",
            ])
        device.findings = nil
        #expect(device.what == "DS-2")
        device.device.scopes.removeLast()
        #expect(device.what == "Қala %")
        device.device.scopes.removeAll()
        #expect(device.what == nil)
        #expect(FoundCamera(device, [], isOnly: true).name == "10.0.0.11")
    }

    @Test func `a model that names its maker names it once`() {
        let device = SampleDevice.asked {
            $0.maker = "Acme"
            $0.model = "ACME M1"
        }
        #expect(device.what == "ACME M1")
    }

    @Test func `a name from the network is short and acts upon nothing`() {
        let device = SampleDevice.asked {
            $0.model = "\u{1b}[2J" + String(repeating: "x", count: 500)
        }
        let name = FoundCamera(device, [], isOnly: true).name
        #expect(name.count == 120)
        #expect(name.hasPrefix("10.0.0.11, ACME ?[2Jxx"))
    }

    @Test(arguments: [
        ("rtsp://10.0.0.11/main", "rtsp://10.0.0.11/main"),
        ("rtsp://10.0.0.11/small", "rtsp://10.0.0.11/main"),
        ("rtsp://10.0.0.11/other", "rtsp://10.0.0.11/other"),
        ("239.1.1.1:5004", "239.1.1.1:5004"), ("10.0.0.11", "rtsp://10.0.0.11/main"),
    ])
    func `what a recorder plays is the stream, but for an address alone`(
        heard: String, stream: String
    ) {
        var camera = FoundCamera(
            SampleDevice.asked(), [SampleDevice.main, SampleDevice.small], isOnly: true)
        camera.take(InitAnswers.Found(stream: heard, host: "10.0.0.11", what: ""))
        #expect(camera.isHeard)
        #expect(camera.stream == stream)
        var nameless = FoundCamera(SampleDevice.asked(), [], isOnly: true)
        nameless.take(InitAnswers.Found(stream: heard, host: "10.0.0.11", what: ""))
        #expect(nameless.stream == heard)
    }

    @Test func `a URL that no registry takes is none`() {
        let odd = SampleDevice.profile("odd", 1, 1, url: "rtsp://10.0.0.11/a b")
        let camera = FoundCamera(SampleDevice.asked(), [odd], isOnly: true)
        #expect(camera.stream.isEmpty)
        #expect(camera.claim == "10.0.0.11")
    }
}
