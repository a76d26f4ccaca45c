// SPDX-License-Identifier: Apache-2.0
import CDigest
import Glibc

/// Files of a report: read whole, written whole, hashed while they are written.
enum ReportFiles {
    /// Octets read from one file at most: a CSV of a million cameras (chosen).
    static let largest = 2 << 30

    /// The octets of a file, or a fault that names it.
    static func read(_ path: String, limit: Int = largest) throws(ReportFault) -> [UInt8] {
        guard let file = unsafe fopen(path, "rbe") else { throw fault("cannot read", path) }
        defer { unsafe fclose(file) }
        var octets: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe fread(&block, 1, block.count, file)
            if count == 0 { break }
            octets += block.prefix(count)
            guard octets.count <= limit else {
                throw ReportFault("\(path): too long (got more than \(limit) octets)")
            }
        }
        guard unsafe ferror(file) == 0 else { throw fault("cannot read", path) }
        return octets
    }

    /// The octets that a file has; 0 if there is none.
    static func size(_ path: String) -> Int {
        var entry = stat()
        return unsafe stat(path, &entry) == 0 ? Int(entry.st_size) : 0
    }

    static func isFolder(_ path: String) -> Bool {
        var entry = stat()
        return unsafe stat(path, &entry) == 0 && entry.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Writes a file that is on the disk when this returns.
    static func write(
        _ octets: [UInt8], to path: String, mode: mode_t = 0o644
    ) throws(ReportFault) {
        let file = try WrittenFile(path, mode: mode)
        file.write(octets)
        try file.finish()
    }

    static func makeFolder(_ path: String) throws(ReportFault) {
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw fault("cannot make the folder, whose own must be there", path)
        }
    }

    /// Puts a folder in another's place; what was there before is gone.
    static func replace(_ path: String, with fresh: String) throws(ReportFault) {
        let old = path + ".old"
        removeFolder(old)
        if exists(path), unsafe rename(path, old) != 0 { throw fault("cannot replace", path) }
        guard unsafe rename(fresh, path) == 0 else { throw fault("cannot write", path) }
        removeFolder(old)
    }

    /// Removes a folder of files; one that is not there is no fault.
    static func removeFolder(_ path: String) {
        guard let folder = unsafe opendir(path) else { return }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        unsafe closedir(folder)
        for name in names { unsafe unlink(path + "/" + name) }
        unsafe rmdir(path)
    }

    /// SHA-256 of octets, in hexadecimal digits.
    static func digest(_ octets: [UInt8]) -> String {
        var hash = RunningDigest()
        hash.update(octets)
        return hash.finish()
    }

    static func fault(_ what: String, _ path: String) -> ReportFault {
        let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
        return ReportFault("\(path): \(what): \(reason)")
    }
}

/// SHA-256 (FIPS 180-4) of what comes piece by piece.
struct RunningDigest {
    private var context = SHA2_CTX()

    init() { unsafe SHA256Init(&context) }

    mutating func update(_ octets: [UInt8]) { unsafe SHA256Update(&context, octets, octets.count) }

    mutating func finish() -> String {
        var result = [UInt8](repeating: 0, count: 32)
        unsafe SHA256Final(&result, &context)
        let digits = Array("0123456789abcdef")
        return String(result.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// A file being written: counted and hashed; the first fault is told at the end.
final class WrittenFile {
    private let path: String
    private let descriptor: Int32
    private var hash = RunningDigest()
    private var fault: ReportFault?
    private(set) var octets = 0

    init(_ path: String, mode: mode_t = 0o644) throws(ReportFault) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw ReportFiles.fault("cannot write", path) }
    }

    deinit { close(descriptor) }

    func write(_ piece: [UInt8]) {
        hash.update(piece)
        octets += piece.count
        var start = 0
        while start < piece.count, fault == nil {
            let written = unsafe piece[start...].withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if written >= 0 {
                start += written
            } else if errno != EINTR {
                fault = ReportFiles.fault("cannot write", path)
            }
        }
    }

    /// Puts the file on the disk and gives its SHA-256, or throws what went wrong.
    @discardableResult
    func finish() throws(ReportFault) -> String {
        if fault == nil, fsync(descriptor) != 0 { fault = ReportFiles.fault("cannot write", path) }
        if let fault { throw fault }
        return hash.finish()
    }
}
