// SPDX-License-Identifier: Apache-2.0
import Glibc
import Measurements

/// A small file of text that is replaced as a whole: who reads it finds the old or the new one.
struct SmallFile: Sendable {
    /// Octets read of one: more is not ours.
    private static let longest = 64 << 20

    let path: String

    /// Its text; nil if it is not there or cannot be read.
    func read() -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while octets.count < Self.longest {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return String(decoding: octets, as: UTF8.self) }
            guard count > 0 else { return nil }
            octets += buffer[..<count]
        }
        return nil
    }

    /// Replaces its text; whether that was done.
    ///
    /// Not brought to the disk at once: what is kept here can be found out again.
    func write(_ text: String) -> Bool {
        let draft = path + ".new"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let sink = ByteSink(descriptor: descriptor)
        sink.write(text)
        let isWritten = (try? sink.finish()) != nil
        guard close(descriptor) == 0, isWritten else { return false }
        return unsafe rename(draft, path) == 0
    }
}

extension SmallFile {
    /// The file that keeps which stream is whose, as seen from a vantage (`StreamMemory`).
    init(memoryOf vantage: VantageID, besideLedger ledger: String) {
        self.init(path: ledger + ".streams-" + vantage.fileName)
    }
}

extension VantageID {
    /// The same as part of a file's name.
    fileprivate var fileName: String { String(text.map { "/:".contains($0) ? "-" : $0 }) }
}
