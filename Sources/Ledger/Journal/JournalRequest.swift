// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import GRDB
import Glibc
import Timekeeping

/// An event that one process asks the ledger's only writer to enter: a file in the folder
/// `<ledger>.requests` (`docs/decisions/0008-requests-to-the-writer.md`).
///
/// The file has its own name only when all of it is on the disk. The writer enters it, names it in
/// the entry (`"request"`), and removes it after the commit; if it is ended in between, the entry
/// tells that the file has been taken.
struct JournalRequest: Hashable {
    /// What tells it from others; the name of its file.
    let name: String
    /// Who asks.
    let actor: String
    /// When it was asked.
    let at: Instant
    /// The event; a work or exclusion without a number gets the next.
    let event: JournalEvent

    /// The field of an entry that names the request.
    static let field = "request"
    private static let suffix = ".request"
    /// Most files looked at in one go (chosen: more than people write in a second).
    private static let mostAtOnce = 256

    /// The folder of a ledger's requests.
    static func folder(of path: String) -> String { path + ".requests" }

    /// Makes the folder; the ledger's writer does, so that it may remove what it finds there.
    static func makeFolder(of path: String) throws {
        guard unsafe mkdir(folder(of: path), 0o755) == 0 || errno == EEXIST else {
            throw SystemFault("mkdir \(folder(of: path))")
        }
        LedgerFile.giveToOwner(folder(of: path), of: path)
    }

    /// Makes a request of now; the name begins with the time, so that they are taken in order.
    init(_ event: JournalEvent, by actor: String, at: Instant) {
        var random = SystemRandomNumberGenerator()
        let digits = String(random.next(), radix: 16)
        let time = String(max(0, at.nanoseconds))
        name = String(repeating: "0", count: 20 - time.count) + time + "-" + digits
        (self.actor, self.at, self.event) = (actor, at, event)
    }

    /// Reads a request; nil if the text is none.
    init?(name: String, text: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(text)),
            let at = try? Instant(parsing: fields.at), name.utf8.count <= 64,
            name.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || isHexadecimal($0) })
        else { return nil }
        self.name = name
        self.at = at
        actor = fields.actor
        event = JournalEvent(EventDetails(name: fields.event, details: fields.details))
    }

    private struct Fields: Codable {
        let at: String
        let actor: String
        let event: String
        let details: [String: String]
    }

    /// Writes the file, and the folder's entry of it, to the disk.
    func submit(to path: String) throws {
        let written = event.written
        let fields = Fields(
            at: at.description, actor: actor, event: written.name, details: written.details)
        let text = Array(try JSONEncoder().encode(fields))
        guard text.count <= JournalEntry.longest else {
            throw LedgerFault(
                .beyondLimit, path,
                "an entry of the journal has more than "
                    + "\(JournalEntry.longest) octets", remedy: "shorten its text")
        }
        let final = Self.folder(of: path) + "/" + name + Self.suffix
        let draft = Self.folder(of: path) + "/" + name + ".new"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFault("open \(draft)") }
        var offset = 0
        while offset < text.count {
            let count = unsafe Glibc.write(
                descriptor, Array(text[offset...]), text.count - offset)
            guard count > 0 else { break }
            offset += count
        }
        let isWhole = offset == text.count && fsync(descriptor) == 0
        let fault = SystemFault("write \(draft)")
        Glibc.close(descriptor)
        guard isWhole, unsafe rename(draft, final) == 0 else {
            unsafe unlink(draft)
            throw fault
        }
        try LedgerFile.syncFile(Self.folder(of: path))
    }

    /// The requests that wait, the oldest first, each with the time at which its file last changed.
    ///
    /// What is no request is renamed to `.refused`, so that it is looked at once; how many.
    static func waiting(
        at path: String
    ) throws -> (requests: [(JournalRequest, changed: Instant)], refused: Int) {
        let folder = folder(of: path)
        guard let directory = unsafe opendir(folder) else {
            if errno == ENOENT { return ([], 0) }
            throw SystemFault("open \(folder)")
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let file = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if file.hasSuffix(suffix) { names.append(String(file.dropLast(suffix.count))) }
        }
        var requests: [(JournalRequest, changed: Instant)] = []
        var refused = 0
        for name in names.sorted().prefix(mostAtOnce) {
            let file = folder + "/" + name + suffix
            if let (text, changed) = try read(file),
                let request = JournalRequest(name: name, text: text)
            {
                requests.append((request, changed))
            } else {
                unsafe rename(file, folder + "/" + name + ".refused")
                refused += 1
            }
        }
        return (requests, refused)
    }

    /// A file's octets and when it last changed; nil if it is no plain file of an entry's length.
    private static func read(_ file: String) throws -> ([UInt8], Instant)? {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        // Only whoever may write to the folder could have put there what cannot be read.
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= JournalEntry.longest
        else { return nil }
        var text = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = unsafe Glibc.read(descriptor, &text, text.count)
        guard count == text.count else { return nil }
        let changed = Instant(
            nanoseconds: Int64(status.st_ctim.tv_sec) * 1_000_000_000
                + Int64(status.st_ctim.tv_nsec))
        return (text, changed)
    }

    /// Removes the file of a request that was entered.
    static func remove(_ name: String, at path: String) {
        unsafe unlink(folder(of: path) + "/" + name + suffix)
    }
}

private func isHexadecimal(_ octet: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet)
}
