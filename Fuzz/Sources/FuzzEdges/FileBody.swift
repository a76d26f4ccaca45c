// SPDX-License-Identifier: Apache-2.0
import Capture
import Glibc
import Packets
import Simulation

/// The body that reads files; a test target of `Capture` compiles this file too.
enum FileBody {
    /// A file in memory without a name, used again and again.
    private static let descriptor: Int32 = {
        var name = Array("/dev/shm/kuzet-fuzz-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&name)
        precondition(descriptor >= 0, "no file in memory")
        unsafe unlink(name)
        return descriptor
    }()

    /// A capture file, plain or compressed, by way of the file system; the first octet says
    /// whether to search on after damage.
    static func file(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let salvage = input.octet() & 1 != 0
        let octets = input.rest()
        let written = unsafe octets.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
        let isWritten = written == octets.count && ftruncate(descriptor, octets.count) == 0
        try BrokenProperty.unless(isWritten, "no memory for a file of \(octets.count)")
        var capture = try CaptureFile(path: "/proc/self/fd/\(descriptor)", salvage: salvage)
        var frames: UInt64 = 0
        var broken: BrokenProperty?
        do {
            while try capture.read({ window, records in
                for index in records.indices {
                    let record = records[index]
                    frames += 1
                    if record.offset < 0 || record.bytes.upperBound > window.count {
                        broken = BrokenProperty("record \(record.bytes) of \(window.count)")
                    }
                }
            }) {}
        } catch is CaptureFileError {
            // Damage; what came before it was given.
        }
        if let broken { throw broken }
        try BrokenProperty.unless(
            capture.tally.frames == frames + capture.tally.refused,
            "\(frames) frames and \(capture.tally.refused) refused of \(capture.tally.frames)")
        _ = "\(capture.tally)"
        _ = (capture.isPartial, capture.progress)
    }
}
