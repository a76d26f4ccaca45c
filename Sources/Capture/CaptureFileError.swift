// SPDX-License-Identifier: Apache-2.0

import Glibc
public import Packets

/// Why a capture file could not be read, or not to its end.
public struct CaptureFileError: Error, Hashable, Sendable {
    /// What is wrong with it.
    public enum Problem: Hashable, Sendable {
        /// There is no such file.
        case notFound
        /// The path names a directory.
        case isDirectory
        /// The file may not be read by this user.
        case notPermitted
        /// The operating system refused, with this number of `errno`.
        case system(Int32)
        /// The bytes are not those of a capture, or stop being so.
        case fault(CaptureFault)
        /// The compressed data is damaged, near this byte of the file.
        case gzip(byte: UInt64)
    }

    /// The file as it was named; `-` for standard input.
    public let path: String
    /// What is wrong with it.
    public let problem: Problem
}

extension CaptureFileError: CustomStringConvertible {
    /// One line that begins with the name of the file.
    public var description: String {
        switch problem {
        case .notFound: "\(path): no such file"
        case .isDirectory: "\(path): is a directory (expected a pcap or pcapng file)"
        case .notPermitted: "\(path): permission denied"
        case .system(let number): "\(path): \(systemMessage(number))"
        case .fault(let fault): "\(path):\(fault)"
        case .gzip(let byte): "\(path): gzip: damaged near byte \(byte)"
        }
    }
}

/// The text of an `errno`.
func systemMessage(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return text(ofMessage: buffer)
}

/// The text in a buffer that a C function has filled up to a zero byte.
func text(ofMessage buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
