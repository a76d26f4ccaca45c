// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Simulation

/// A fault on the command line: `loss=8%`, `freeze@20s..26s`, `die@60s`.
struct FaultArgument: ExpressibleByArgument, Hashable {
    var fault: CameraFault

    static let expected =
        "a fault such as loss=8%, duplicate=1%, reorder=1%, jitter=30ms, clock=3.2s, fps=12,"
        + " size=1280x720, bitrate=2M, freeze, die or restart, with a time behind it or not,"
        + " as in freeze@20s..26s"

    init?(argument: String) {
        let parts = argument.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = FaultArgument.kind(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            fault = CameraFault(kind)
            return
        }
        var ends = [Substring]()
        var rest = parts[1]
        while let dots = rest.firstRange(of: "..") {
            ends.append(rest[..<dots.lowerBound])
            rest = rest[dots.upperBound...]
        }
        ends.append(rest)
        let times = ends.compactMap { DurationArgument(argument: String($0))?.nanoseconds }
        guard ends.count <= 2, times.count == ends.count, times[0] >= 0 else { return nil }
        guard times.count == 2 else {
            fault = CameraFault(kind, from: times[0])
            return
        }
        guard times[0] < times[1] else { return nil }
        fault = CameraFault(kind, from: times[0], to: times[1])
    }

    static func parse(_ text: String) throws -> FaultArgument {
        try quantityArgument(text, expected: expected)
    }

    private static func kind(_ text: String) -> CameraFault.Kind? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("freeze", 1): return .freeze
        case ("die", 1): return .die
        case ("restart", 1): return .restart
        default: break
        }
        guard parts.count == 2 else { return nil }
        let value = String(parts[1])
        switch parts[0] {
        case "loss": return PercentArgument(argument: value).map { .loss($0.ratio) }
        case "duplicate": return PercentArgument(argument: value).map { .duplicate($0.ratio) }
        case "reorder": return PercentArgument(argument: value).map { .reorder($0.ratio) }
        case "jitter":
            guard let jitter = DurationArgument(argument: value)?.nanoseconds,
                (0...10_000_000_000).contains(jitter)
            else { return nil }
            return .jitter(nanoseconds: jitter)
        case "clock":
            return DurationArgument(argument: value).map { .clock(nanoseconds: $0.nanoseconds) }
        case "fps":
            return FrameRateArgument(argument: value).map { .frameRate(millihertz: $0.millihertz) }
        case "size":
            return PictureSizeArgument(argument: value).map {
                .size(width: $0.width, height: $0.height)
            }
        case "bitrate":
            return BitRateArgument(argument: value).map { .bitRate($0.bitsPerSecond) }
        default: return nil
        }
    }
}

/// A fault of one camera on the command line: `2:loss=8%`, cameras counted from 1.
struct CameraFaultArgument: ExpressibleByArgument, Hashable {
    var camera: Int
    var fault: CameraFault

    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":"), let camera = Int(argument[..<colon]),
            camera >= 1,
            let fault = FaultArgument(argument: String(argument[argument.index(after: colon)...]))
        else { return nil }
        self.camera = camera
        self.fault = fault.fault
    }

    static func parse(_ text: String) throws -> CameraFaultArgument {
        try quantityArgument(
            text, expected: "a camera's number, a colon, and " + FaultArgument.expected)
    }
}

/// A plain text file of cameras: a line each, its name and its faults with blanks between; what
/// follows a `#` is a remark.
struct Scenario {
    var cameras: [(name: String, schedule: FaultSchedule)] = []

    /// Longest file read; a line is under a hundred octets and there are at most 256 cameras.
    static let largestFile = 1 << 20

    init(parsing text: String, file: String) throws {
        for (index, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        )
        .enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard let name = words.first else { continue }
            let isPlain = name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || $0 == 0x2d
                    || $0 == 0x5f
            }
            guard isPlain else {
                throw ValidationError(
                    "\(file):\(index + 1): found \"\(name)\"; expected a camera's name"
                        + " of letters, digits, - and _")
            }
            guard !cameras.contains(where: { $0.name == name }) else {
                throw ValidationError(
                    "\(file):\(index + 1): found \"\(name)\" again; expected another name")
            }
            var faults: [CameraFault] = []
            for word in words.dropFirst() {
                guard let fault = FaultArgument(argument: String(word)) else {
                    throw ValidationError(
                        "\(file):\(index + 1): found \"\(word)\";"
                            + " expected \(FaultArgument.expected)")
                }
                faults.append(fault.fault)
            }
            cameras.append((String(name), FaultSchedule(faults)))
        }
    }
}
