// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

/// Compares text with a file under `Golden`; `UPDATE_GOLDEN=1` in the environment rewrites it.
func expectGolden(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    let folder = String(#filePath.dropLast("Golden.swift".count)) + "Golden/"
    if let wish = unsafe getenv("UPDATE_GOLDEN"), unsafe String(cString: wish) == "1" {
        writeFile(folder + name, text)
    }
    let expected = readFile(folder + name)
    #expect(text == expected, "differs from Golden/\(name)", sourceLocation: sourceLocation)
}

private func readFile(_ path: String) -> String? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = unsafe fread(&block, 1, block.count, file)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += block.prefix(count)
    }
}

private func writeFile(_ path: String, _ text: String) {
    guard let file = unsafe fopen(path, "wb") else { return }
    let bytes = Array(text.utf8)
    unsafe fwrite(bytes, 1, bytes.count, file)
    unsafe fclose(file)
}
