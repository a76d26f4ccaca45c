// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Testing

@testable import Settings

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "kuzet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    @discardableResult func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    @discardableResult func write(
        _ name: String, _ octets: [UInt8], mode: Int = 0o644
    ) throws -> String {
        let path = path(name)
        try FileManager.default.createDirectory(
            atPath: InputFile.parent(of: path), withIntermediateDirectories: true)
        try Data(octets).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    /// Problems as lines, without the folder's own name.
    func lines(_ problems: ProblemList) -> [String] {
        problems.sorted.map { $0.description.replacing(url.path + "/", with: "") }
    }
}

/// A registry of files that is right, to be spoilt by tests.
enum SampleFiles {
    static let parties = """
        parties:
          - {id: ministry, name: Ministry, role: coordinator, language: kk}
          - {id: telecom, name: Telecom, role: network-operator, language: ru}
          - {id: school, name: School, role: subscriber, language: kk}

        """
    static let sites = """
        sites:
          - id: north
            name: North
            subscriber: school
            object_class: crowded-place

        """
    static let channels = """
        channels:
          - id: ring
            name: Ring
            operator: telecom
            medium: fibre
            role: main
            encrypted: true
            sites: [north]

        """
    static let header = "id,name,site,channel,kind,address,stream,credentials\n"
    static let cameras =
        header
        + "cam-1,One,north,ring,indoor-overview,10.0.0.1,rtsp://10.0.0.1/a,\n"
        + "cam-2,Two,north,ring,indoor-overview,,239.1.1.1:5004,\n"

    static func write(to folder: TemporaryFolder) throws {
        try folder.write("parties.yaml", parties)
        try folder.write("sites.yaml", sites)
        try folder.write("channels.yaml", channels)
        try folder.write("cameras.csv", cameras)
    }

    /// Problems of the sample with one file replaced.
    static func problems(_ name: String, _ octets: [UInt8]) throws -> [String] {
        let folder = try TemporaryFolder()
        try write(to: folder)
        try folder.write(name, octets)
        let (registry, problems) = RegistryFiles.load(folder: folder.url.path)
        #expect((registry == nil) == problems.hasErrors)
        return folder.lines(problems)
    }

    static func problems(_ name: String, _ text: String) throws -> [String] {
        try problems(name, Array(text.utf8))
    }

    /// Problems of `kuzet.yaml` with this text.
    static func settings(_ text: String) throws -> [String] {
        let folder = try TemporaryFolder()
        let path = try folder.write("kuzet.yaml", text)
        return folder.lines(KuzetSettings.load(path).problems)
    }

    static let registry = """
        registry: {parties: p.yaml, sites: s.yaml, channels: c.yaml, cameras: c.csv}

        """
}
