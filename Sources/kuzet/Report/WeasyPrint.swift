// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The program that makes a PDF of the page (Debian package `weasyprint`).
enum WeasyPrint {
    /// How long it may take: the largest page takes about half a minute here (chosen).
    static let patience: Int = 600

    /// Makes `pdf` from `html`.
    ///
    /// The page needs nothing from elsewhere, and the program is given no
    /// proxy and no other environment; `epoch` dates the file, so that a second run may give the
    /// same one.
    static func run(html: String, pdf: String, epoch: Int64) throws(ReportFault) {
        let arguments = ["weasyprint", "--quiet", html, pdf]
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? "/tmp"
        let environment = [
            "PATH=\(path)", "HOME=\(home)", "LANG=C.UTF-8", "SOURCE_DATE_EPOCH=\(epoch)",
            // Whatever would be asked for goes to a port that nobody serves.
            "http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9",
        ]
        var child: pid_t = 0
        let status = unsafe withStrings(arguments) { arguments in
            unsafe withStrings(environment) { environment in
                unsafe posix_spawnp(&child, "weasyprint", nil, nil, arguments, environment)
            }
        }
        guard status != ENOENT else { throw missing }
        guard status == 0 else {
            throw ReportFault("weasyprint cannot be started: error \(status)")
        }
        let code = try wait(for: child)
        guard code != 127 else { throw missing }
        guard code == 0 else {
            throw ReportFault("\(pdf): weasyprint ended with status \(code); its message is above")
        }
    }

    static let missing = ReportFault(
        "no PDF without the program weasyprint; install the Debian package weasyprint, or leave "
            + "out pdf")

    private static func wait(for child: pid_t) throws(ReportFault) -> Int32 {
        var status: Int32 = 0
        for _ in 0..<(patience * 20) {
            let found = unsafe waitpid(child, &status, WNOHANG)
            if found == child { return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 }
            if found < 0, errno != EINTR { return 128 }
            usleep(50_000)
        }
        kill(child, SIGKILL)
        _ = unsafe waitpid(child, &status, 0)
        throw ReportFault("weasyprint took longer than \(patience) s and was ended")
    }

    private static func withStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { pointer in unsafe free(pointer) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            // An array with the final nil is never empty.
            unsafe body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
