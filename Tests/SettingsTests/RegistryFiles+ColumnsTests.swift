// SPDX-License-Identifier: Apache-2.0
import Foundation
import Settings
import Testing

@Suite struct RegistryFilesColumnsTests {
    static func columns(
        _ text: String, name: String = "cameras.csv", separator: UInt8 = UInt8(ascii: ",")
    ) throws -> [String]? {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appending(path: "kuzet-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return RegistryFiles.columns(of: file.path, separator: separator)
    }

    @Test func `columns are those of the header, behind remarks, in the file's order`() throws {
        #expect(
            try Self.columns("\u{feff}# remark\n\nname, id ,\"site\"\r\nA,a,s\n")
                == ["name", "id", "site"])
        #expect(
            try Self.columns("id;name\n", separator: UInt8(ascii: ";")) == ["id", "name"])
    }

    @Test func `a file without a header, of another kind or that is not there has none`() throws {
        #expect(try Self.columns("") == nil)
        #expect(try Self.columns("id,name\n", name: "cameras.yaml") == nil)
        #expect(RegistryFiles.columns(of: "/nowhere/cameras.csv", separator: 44) == nil)
    }
}
