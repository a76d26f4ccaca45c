// SPDX-License-Identifier: Apache-2.0
import Glibc
import Registry

/// A file of settings or registry, opened with all that could go wrong said first.
///
/// It must be a regular file in the folder where it is named: a device or pipe could keep us
/// waiting for ever, and a link out of the folder reads what its writer must not see.
struct InputFile: ~Copyable {
    /// Octets that are asked for at once (chosen).
    static let blockSize = 256 * 1024

    let path: String
    /// Octets of the file when it was opened.
    let size: Int
    /// The permissions: owner, group, others.
    let mode: UInt32
    /// Who owns it.
    let owner: UInt32
    private let descriptor: Int32

    private init(path: String, status: stat, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
        size = Int(status.st_size)
        mode = status.st_mode & 0o7777
        owner = status.st_uid
    }

    /// Opens `path`, or throws why it cannot be used; `limit` is in octets.
    static func open(_ path: String, limit: Int) throws(RegistryProblem) -> InputFile {
        // Without waiting: opening a pipe would block until somebody writes to it.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let number = errno
            throw RegistryProblem(
                .error, .unreadable, at: SourcePlace(file: path),
                what: "cannot be opened: \(unsafe String(cString: strerror(number)))",
                expected: number == ENOENT ? "a file" : "a file that can be read")
        }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        let file = InputFile(path: path, status: status, descriptor: descriptor)
        guard isKnown else {
            throw RegistryProblem(
                .error, .unreadable, at: SourcePlace(file: path), what: "cannot be examined")
        }
        if let problem = file.problem(type: status.st_mode & S_IFMT, limit: limit) {
            throw problem
        }
        return file
    }

    private func problem(type: UInt32, limit: Int) -> RegistryProblem? {
        let what: String?
        switch type {
        case S_IFREG: what = nil
        case S_IFDIR: what = "a folder"
        case S_IFIFO: what = "a pipe"
        default: what = "a device or socket"
        }
        if let what {
            return RegistryProblem(
                .error, .unreadable, at: SourcePlace(file: path), what: what,
                expected: "a regular file")
        }
        if !InputFile.isInItsFolder(path, descriptor) {
            return RegistryProblem(
                .error, .unreadable, at: SourcePlace(file: path),
                what: "a link that leads out of its folder", expected: "a file in the folder")
        }
        if size > limit {
            return RegistryProblem(
                .error, .tooLarge, at: SourcePlace(file: path), what: "\(size) octets",
                expected: "at most \(Quantity.sizeText(limit))")
        }
        return nil
    }

    deinit {
        close(descriptor)
    }

    /// Reads the next octets behind those of `block`; false at the end of the file.
    func read(into block: inout [UInt8]) throws(RegistryProblem) -> Bool {
        let start = block.count
        // Small files, which are most, do not need a large block.
        let room = min(InputFile.blockSize, max(4096, size + 1))
        block += [UInt8](repeating: 0, count: room)
        var count = -1
        repeat {
            count = unsafe block[start...].withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
            }
        } while count < 0 && errno == EINTR
        block.removeLast(room - max(0, count))
        guard count >= 0 else {
            throw RegistryProblem(
                .error, .unreadable, at: SourcePlace(file: path),
                what: "cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        return count > 0
    }

    /// All octets of a file of at most `limit`.
    static func octets(of path: String, limit: Int) throws(RegistryProblem) -> [UInt8] {
        let file = try InputFile.open(path, limit: limit)
        var octets: [UInt8] = []
        octets.reserveCapacity(file.size + 4097)
        while try file.read(into: &octets) {
            // It may have grown since it was opened.
            guard octets.count <= limit else {
                throw RegistryProblem(
                    .error, .tooLarge, at: SourcePlace(file: path),
                    what: "more than \(limit) octets",
                    expected: "at most \(Quantity.sizeText(limit))")
            }
        }
        return octets
    }

    /// Whether the open file lies where its path says, or below: the last part may be a link, but
    /// only to a file of the same folder.
    private static func isInItsFolder(_ path: String, _ descriptor: Int32) -> Bool {
        guard let folder = real(parent(of: path)),
            let place = real("/proc/self/fd/\(descriptor)")
        else { return false }
        return place.hasPrefix(folder == "/" ? "/" : folder + "/")
    }

    /// The path with no link left in it, or nil if there is no such file.
    static func real(_ path: String) -> String? {
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// The folder part of a path; `.` if it has none.
    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `path` as seen from `folder`.
    static func joined(_ folder: String, _ path: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder + "/" + path
    }

    /// Whether `path` is a folder or leads to one.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is anything at `path`.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}

extension Quantity {
    /// A number of octets with the largest unit that keeps it whole.
    static func sizeText(_ octets: Int) -> String {
        for unit in sizeUnits where octets != 0 && octets % Int(unit.size) == 0 {
            return "\(octets / Int(unit.size)) \(unit.name)"
        }
        return "\(octets) B"
    }
}
