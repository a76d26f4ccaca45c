// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import RTSP
import Simulation

/// `kuzet simulate camera`: RTSP cameras that real clients can play, with faults by schedule.
struct SimulateCamera: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera",
        abstract: "Plays RTSP cameras that any client can watch, and lets them go wrong.",
        discussion: """
            A fault is loss=8%, duplicate=1%, reorder=1%, jitter=30ms, clock=3.2s, fps=12, \
            size=1280x720, bitrate=2M, freeze, die or restart; with a time since the start behind \
            it or not: loss=25%@30s..60s, die@60s. A scenario file has a line for each camera: its \
            name and its faults.
            """)

    @Option(help: "Address to listen on, numeric.")
    var listen = "127.0.0.1"

    @Option(help: "Port to listen on.")
    var port: UInt16 = 8554

    @Option(help: "First port to send from; two for each camera. 0: any that are free.")
    var mediaPort: UInt16 = 0

    @Option(help: "Number of cameras.")
    var count = 1

    @Option(help: "Name of the cameras; a number follows.")
    var name = "cam"

    @Option(help: "Bit rate.", transform: BitRateArgument.parse)
    var bitrate = BitRateArgument(bitsPerSecond: 5_000_000)

    @Option(help: "Frames a second.", transform: FrameRateArgument.parse)
    var fps = FrameRateArgument(millihertz: 25_000)

    @Option(help: "Picture size.", transform: PictureSizeArgument.parse)
    var size = PictureSizeArgument(width: 1920, height: 1080)

    @Option(help: "Codec.")
    var codec = VideoCodec.h264

    @Option(help: "User name that clients must give, by Digest.")
    var user: String?

    @Option(help: "File whose first line is the password.")
    var passwordFile: String?

    @Option(help: "Digest by md5, sha-256 or both; many clients know md5 alone.")
    var digest = DigestName.md5

    @Option(help: "Ways of delivery offered: any, udp, tcp or multicast.")
    var transport = TransportName.any

    @Option(help: "First multicast group; each camera has one of its own.")
    var group: String?

    @Option(
        help: "How far the cameras' clocks are ahead; negative if behind.",
        transform: DurationArgument.parse)
    var clockOffset = DurationArgument(nanoseconds: 0)

    @Option(
        help: "A fault of every camera; may be given several times.",
        transform: FaultArgument.parse)
    var fault: [FaultArgument] = []

    @Option(
        help: "A fault of one camera, as in 2:loss=8%; may be given several times.",
        transform: CameraFaultArgument.parse)
    var camera: [CameraFaultArgument] = []

    @Option(help: "File of cameras and their faults, a line each.")
    var scenario: String?

    @Option(help: "Stop after this time.", transform: DurationArgument.parse)
    var duration: DurationArgument?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    enum DigestName: String, ExpressibleByArgument, CaseIterable {
        case md5
        case sha256 = "sha-256"
        case both
    }

    enum TransportName: String, ExpressibleByArgument, CaseIterable {
        case any, udp, tcp, multicast
    }

    /// Cameras that one process plays at most; each has two sockets.
    static let largestCount = 256

    func validate() throws {
        guard (1...SimulateCamera.largestCount).contains(count) else {
            throw ValidationError(
                "--count: found \(count); expected 1 to \(SimulateCamera.largestCount)")
        }
        guard (user == nil) == (passwordFile == nil) else {
            throw ValidationError("expected --user and --password-file together, or neither")
        }
        _ = try videoFormat(codec, size: size, rate: fps, bits: bitrate)
        guard SocketAddress(listen, port: port) != nil else {
            throw ValidationError("--listen: found \"\(listen)\"; expected a numeric address")
        }
        let base = group ?? "239.195.0.1"
        guard let address = SocketAddress(base, port: 1), address.isMulticast else {
            throw ValidationError("--group: found \"\(base)\"; expected a multicast address")
        }
        for one in camera where one.camera > count && scenario == nil {
            throw ValidationError("--camera: found \(one.camera); expected 1 to \(count)")
        }
    }

    func run() throws {
        let driver = try CameraDriver(
            cameras: try cameras(), settings: settings(), listen: listen, port: port,
            mediaPort: mediaPort, group: group, seed: seed)
        try driver.run(nanoseconds: duration?.nanoseconds)
    }

    /// Who the cameras are and what goes wrong at them.
    private func cameras() throws -> [CameraDriver.Plan] {
        let format = try videoFormat(codec, size: size, rate: fps, bits: bitrate)
        var all: [CameraFault] = []
        if clockOffset.nanoseconds != 0 {
            all.append(CameraFault(.clock(nanoseconds: clockOffset.nanoseconds)))
        }
        all += fault.map(\.fault)
        var plans: [CameraDriver.Plan] = []
        if let scenario {
            let text = try readFile(scenario, limit: Scenario.largestFile)
            for row in try Scenario(parsing: text, file: scenario).cameras {
                plans.append(
                    CameraDriver.Plan(
                        name: row.name, format: format,
                        schedule: FaultSchedule(all + row.schedule.faults)))
            }
            guard (1...SimulateCamera.largestCount).contains(plans.count) else {
                throw ValidationError(
                    "\(scenario): found \(plans.count) cameras;"
                        + " expected 1 to \(SimulateCamera.largestCount)")
            }
        } else {
            plans = (1...count).map {
                CameraDriver.Plan(
                    name: "\(name)\($0)", format: format, schedule: FaultSchedule(all))
            }
        }
        for one in camera where one.camera <= plans.count {
            plans[one.camera - 1].schedule.faults.append(one.fault)
        }
        return plans
    }

    private func settings() throws -> CameraServer.Settings {
        var settings = CameraServer.Settings(cameras: [])
        switch transport {
        case .any: break
        case .udp: settings.deliveries = [.udp]
        case .tcp: settings.deliveries = [.tcp]
        case .multicast: settings.deliveries = [.multicast]
        }
        if let user, let passwordFile {
            let text = try readFile(passwordFile, limit: 4096)
            let password = text.prefix { $0 != "\n" && $0 != "\r\n" }
            settings.credentials = Digest.Credentials(user: user, password: String(password))
        }
        settings.algorithms =
            switch digest {
            case .md5: [.md5]
            case .sha256: [.sha256]
            case .both: [.sha256, .md5]
            }
        return settings
    }

    private func readFile(_ path: String, limit: Int) throws -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SocketFailure(what: path, code: errno) }
        defer { _ = close(descriptor) }
        var octets = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count <= limit {
            let more = unsafe octets.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress?.advanced(by: count), limit + 1 - count)
            }
            guard more >= 0 else { throw SocketFailure(what: path, code: errno) }
            if more == 0 { break }
            count += more
        }
        guard count <= limit else {
            throw ValidationError("\(path): expected at most \(limit) octets")
        }
        return String(decoding: octets[..<count], as: UTF8.self)
    }
}
