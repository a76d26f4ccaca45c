// SPDX-License-Identifier: Apache-2.0
import Foundation
import Packets
import Registry
import Settings
import Testing

@testable import Checks
@testable import kuzet

@Suite struct DiscoverAnswerTests {
    static let known = "almaty-tau,fibre-almaty-a,outdoor-overview"

    static func answer(
        _ devices: [AskedDevice], _ heard: [InitAnswers.Found] = [], _ registry: Registry? = nil,
        isNewOnly: Bool = false
    ) throws -> DiscoverAnswer {
        DiscoverAnswer(
            FoundCameras(devices: devices, heard: heard, registry: registry),
            try RowPlaces(registry, site: nil, channel: nil),
            taken: registry?.cameras.map(\.id.text) ?? [],
            columns: registry == nil ? nil : CameraColumns(),
            isNewOnly: isNewOnly)
    }

    static let heard = InitAnswers.Found(
        stream: "rtsp://10.0.0.12/a?x=1,2", host: "10.0.0.12", what: "mjpeg")

    @Test func `rows are a file of cameras that the registry's check takes`() throws {
        let answer = try Self.answer([FoundCamerasTests.device], [Self.heard])
        #expect(
            answer.csv == """
                id,name,site,channel,kind,address,stream,credentials,declared
                cam-10-0-0-11,"10.0.0.11, ACME M1, 1920x1080 h264",site-1,line-1,outdoor-overview,\
                10.0.0.11,rtsp://10.0.0.11/main,,
                cam-10-0-0-12,"10.0.0.12, mjpeg",site-1,line-1,outdoor-overview,,\
                "rtsp://10.0.0.12/a?x=1,2",,

                """)
        try withNewFolder { folder in
            let answers = InitFilesTests.answers
            try InitFolder(folder).write(InitFiles(answers).all)
            let file = folder + "/registry/cameras.csv"
            try answer.csv.write(toFile: file, atomically: true, encoding: .utf8)
            let found = RegistryCheckCommand.answer(.folder(folder + "/registry"))
            #expect(found.text.hasSuffix("2 cameras; 0 errors, 0 warnings\n"))
            // What the same registry has already is a comment, and nothing is new.
            let registry = try #require(RegistryFiles.load(folder: folder + "/registry").registry)
            let again = try Self.answer([FoundCamerasTests.device], [Self.heard], registry)
            #expect(
                again.csv == """
                    # id,name,site,channel,kind,address,stream,credentials,declared
                    # registered as cam-10-0-0-11: rtsp://10.0.0.11/main
                    # registered as cam-10-0-0-12: rtsp://10.0.0.12/a?x=1,2

                    """)
            #expect(again.remarks.last == "2 cameras found, 2 of them registered")
            let new = try Self.answer(
                [FoundCamerasTests.device], [Self.heard], registry, isNewOnly: true)
            #expect(new.csv == "# " + CameraColumns().header)
            #expect(new.remarks == ["0 cameras found"])
        }
    }

    @Test func `rows added to a registry have ids that it has not, and pass`() throws {
        let rows = try Self.answer([FoundCamerasTests.device]).csv
            .replacing("rtsp://10.0.0.11/main", with: "rtsp://10.0.0.99/main")
            .replacing(",10.0.0.11,", with: ",10.0.0.99,")
            .replacing("site-1,line-1", with: "almaty-tau,fibre-almaty-a")
        try RegistryCommandsTests.withCopy(["cameras.csv": rows]) { folder in
            let registry = try #require(RegistryFiles.load(folder: folder).registry)
            let added = try Self.answer([FoundCamerasTests.device], [], registry).csv
            #expect(added.contains("\ncam-10-0-0-11-2,"))
            let file = folder + "/cameras.csv"
            try (rows + added).write(toFile: file, atomically: true, encoding: .utf8)
            let found = RegistryCheckCommand.answer(.folder(folder))
            #expect(found.text.hasSuffix("2 cameras; 0 errors, 0 warnings\n"))
        }
    }

    @Test func `reasons and oddities are told once a device`() throws {
        let second = SampleDevice.profile("p2", 8, 8, url: "rtsp://10.0.0.11/2", source: "v2")
        let encoder = SampleDevice.asked([SampleDevice.main, second]) {
            $0.note("names a stream at \u{7}another host")
        }
        let locked = SampleDevice.asked(at: IPAddress(10, 0, 0, 12), services: []) {
            $0.failure = CheckFailure(.authentication, "credentials-missing", "asks who is asking")
        }
        let silent = SampleDevice.asked(at: IPAddress(10, 0, 0, 13), services: [])
        var double = encoder
        double.device.endpointReference = "other"
        let answer = try Self.answer([encoder, locked, silent, double])
        #expect(
            answer.remarks == [
                "10.0.0.11: names a stream at ?another host",
                "10.0.0.12: authentication: credentials-missing: asks who is asking",
                "10.0.0.13: names no streams",
                "10.0.0.11, ACME M1, p2-name, 8x8 h264: left out, another camera has"
                    + " rtsp://10.0.0.11/2",
                "10.0.0.11, ACME M1, main-name, 1920x1080 h264: left out, another camera has"
                    + " rtsp://10.0.0.11/main",
                "4 cameras found",
            ])
    }

    @Test func `the table has a line for each, and marks what is registered`() throws {
        let registry = try FoundCamerasTests.registry([
            FoundCamerasTests.row("gate", stream: "\"rtsp://10.0.0.12/a?x=1,2\"")
        ])
        let answer = try Self.answer([FoundCamerasTests.device], [Self.heard], registry)
        #expect(
            answer.table == """
                STATE       CAMERA         BY     ADDRESS    STREAM                    NAME
                new         cam-10-0-0-11  onvif  10.0.0.11  rtsp://10.0.0.11/main     \
                10.0.0.11, ACME M1, 1920x1080 h264
                registered  gate           wire   -          rtsp://10.0.0.12/a?x=1,2  \
                10.0.0.12, mjpeg

                """)
    }

    @Test func `JSON has the row, the device and what it is set to send`() throws {
        let answer = try Self.answer([FoundCamerasTests.device], [Self.heard])
        let sink = ByteSink()
        answer.writeJSON(to: sink)
        let object = try JSONSerialization.jsonObject(with: Data(sink.text.utf8))
        let root = try #require(object as? [String: Any])
        #expect(root["schema"] as? String == "kuzet.discover/1")
        let cameras = try #require(root["cameras"] as? [[String: Any]])
        #expect(cameras.map { $0["id"] as? String } == ["cam-10-0-0-11", "cam-10-0-0-12"])
        #expect(cameras[0]["found_by"] as? [String] == ["onvif"])
        #expect(cameras[0]["registered"] as? [String] == [])
        let device = try #require(cameras[0]["device"] as? [String: Any])
        #expect(device["model"] as? String == "M1")
        #expect(device["reason"] is NSNull)
        let profiles = try #require(cameras[0]["profiles"] as? [[String: Any]])
        #expect(profiles.map { $0["width"] as? Int } == [1920, 640])
        #expect(profiles[0]["source"] as? String == "v1")
        #expect(cameras[1]["device"] is NSNull)
        #expect(cameras[1]["address"] is NSNull)
        #expect(cameras[1]["stream"] as? String == "rtsp://10.0.0.12/a?x=1,2")
    }
}
